package dev.thermae.cli;

import dev.thermae.http.proxy.ProxyServer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code thermae serve}: the proxy, until the process is told to end. */
@Command(
    name = "serve",
    description = {
      "A caching reverse proxy for one origin.",
      "",
      "Prints one line when it is ready. SIGTERM or SIGINT end it in order: requests under way are"
          + " answered, and the cache is closed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae serve --origin http://localhost:8000 --port 8080"})
final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--origin",
      required = true,
      paramLabel = "URL",
      description = "Where requests go: http or https, a host and perhaps a port.")
  private String origin;

  @Option(
      names = {"-p", "--port"},
      defaultValue = "8080",
      paramLabel = "N",
      description = "The port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "The address to listen on (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Mixin private ServedFolder place;

  @Mixin private ServedAdmin admin;

  @Option(
      names = "--name",
      defaultValue = "thermae",
      paramLabel = "NAME",
      description = "What Via and Cache-Status call this proxy (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = {"-q", "--quiet"},
      description = "No summary at the end.")
  private boolean quiet;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Serve() {}

  @Override
  public Integer call() throws FailedException, InterruptedException {
    ProxyServer.Builder settings = settings();
    Logging.start();
    Service service = Service.open(settings, place.chosen(), place.keys(), admin.settings());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "thermae-end"));
    say(service.ready());
    service.join();
    return 0;
  }

  private ProxyServer.Builder settings() {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "--port is 0 to 65535: " + port);
    }
    String option = "--origin";
    try {
      ProxyServer.Builder settings = ProxyServer.builder(origin);
      option = "--name";
      return settings.name(name).bind(bind).port(port);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }

  private void end(Service service) {
    // A library that is still starting may find out on a thread of its own that the JVM is ending.
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {});
    service.close();
    if (!quiet) {
      say(service.summary());
    }
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("thermae: " + line);
    out.flush();
  }
}
