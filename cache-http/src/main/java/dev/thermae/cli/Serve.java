package dev.thermae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code thermae serve}: the proxy, until the process is told to end. */
@Command(
    name = "serve",
    description = {
      "A caching reverse proxy.",
      "",
      "Prints one line when it is ready. SIGTERM or SIGINT end it in order: requests under way are"
          + " answered, and the cache is closed. All settings, with what they mean and their"
          + " defaults, are what --print-defaults prints; a file for --config holds those that are"
          + " to be different."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae serve --origin http://localhost:8000 --port 8080"})
@SuppressWarnings("UnusedVariable") // options that are settings are read from the parse result
final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings, in HOCON or JSON; what is not known is refused.")
  private @Nullable Path config;

  @Option(
      names = "--check-config",
      description = "Prints all settings, with the defaults, and ends: 0 where they can be used.")
  private boolean check;

  @Option(
      names = "--print-defaults",
      description = "Prints what can be set, with the defaults, and ends.")
  private boolean defaults;

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description = {
        "Where requests go: http or https, a host and perhaps a port. Repeated with FROM=URL for",
        "more: FROM is a host that clients name, a path /x/, or both."
      })
  private @Nullable List<String> origins;

  @Option(
      names = "--allow",
      paramLabel = "ORIGIN",
      description = {
        "What clients may get by /fetch/SCHEME/AUTHORITY/PATH; may be repeated. A host or a URL",
        "without a path; *.example.org for all hosts below. Only at addresses on the internet."
      })
  private @Nullable List<String> allowed;

  @Option(
      names = "--allow-internal",
      description = "Origins of --allow that are no patterns may have private addresses, too.")
  private boolean internal;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "N",
      description = "The port to listen on, 0 for any free one (default: 8080).")
  private @Nullable String port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "The address to listen on (default: 127.0.0.1).")
  private @Nullable String bind;

  @Option(
      names = {"-d", "--dir"},
      paramLabel = "DIR",
      description =
          "The cache folder, made where it is missing (default: THERMAE_DIR, else the folder"
              + " thermae in the user's cache home).")
  private @Nullable String dir;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "The folder of a signed cache's secrets, files named 1.key, 2.key and so on; the highest"
              + " number signs.")
  private @Nullable String keys;

  @Mixin private ServedAdmin admin;

  @Option(
      names = "--signing-key",
      paramLabel = "FILE",
      description =
          "The private Ed25519 key, in PEM, that code is signed with; needed where there are"
              + " engines.")
  private @Nullable String signingKey;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What Via and Cache-Status call this proxy (default: thermae).")
  private @Nullable String name;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description =
          "Code is made with this engine, in a JVM of its own; may be given several times (default:"
              + " none is made).")
  private @Nullable List<String> engines;

  @Option(
      names = "--engine-path",
      paramLabel = "JAR|DIR",
      description =
          "Where the engines are: the jars of the workers that ask, in order; may be given several"
              + " times, or as a class path (default: what this command runs from).")
  private @Nullable List<String> enginePath;

  @Option(
      names = "--compile-heap",
      paramLabel = "SIZE",
      description = "The heap of a JVM that compiles (default: 512MiB).")
  private @Nullable String compileHeap;

  @Option(
      names = "--compile-time",
      paramLabel = "TIME",
      description = "How long a compile may take (default: 30s).")
  private @Nullable String compileTime;

  @Option(
      names = "--compile-queue",
      paramLabel = "N",
      description = "Compiles that wait, at most (default: 64).")
  private @Nullable String compileQueue;

  @Option(
      names = "--compile-workers",
      paramLabel = "N",
      description = "JVMs that compile, at most (default: 1).")
  private @Nullable String compileWorkers;

  @Option(
      names = {"-q", "--quiet"},
      description = "No summary at the end.")
  private boolean quiet;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  Serve() {}

  @Override
  public Integer call() throws FailedException, InterruptedException {
    if (defaults) {
      print(ServeSettings.defaults());
      return 0;
    }
    ServeSettings settings = settings();
    if (check) {
      print(settings.text());
      return 0;
    }
    Logging.start();
    Service service =
        Service.open(
            settings.proxy(),
            settings.folder(),
            settings.keys(),
            admin.settings(),
            settings.compile());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "thermae-end"));
    say(service.ready());
    service.join();
    return 0;
  }

  /** Options are settings like others, but stronger. */
  private ServeSettings settings() {
    Map<String, List<String>> given = new HashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      given.put(option.longestName(), option.originalStringValues());
    }
    try {
      return ServeSettings.of(config, System.getenv(), given);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
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
    print("thermae: " + line);
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
