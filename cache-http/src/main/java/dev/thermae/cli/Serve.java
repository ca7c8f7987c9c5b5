package dev.thermae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    modelTransformer = ServeOptions.class,
    usageHelpAutoWidth = true,
    footer = {"", "Example:", "  thermae serve --origin http://localhost:8000 --port 8080"})
final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Settings, in HOCON or JSON; what is not known is refused.")
  private @Nullable Path config;

  @Option(
      names = "--check-config",
      description =
          "Opens all that the settings name, such as keys, certificates, folders and engines, without"
              + " listening; prints all settings, with the defaults, or what is wrong with them, and"
              + " ends: 0 where they can be used.")
  private boolean check;

  @Option(
      names = "--print-defaults",
      description = "Prints what can be set, with the defaults, and ends.")
  private boolean defaults;

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
      return check(settings);
    }
    Logging.start();
    Service service =
        Service.open(
            settings.proxy(),
            settings.folder(),
            settings.keys(),
            settings.bounds(),
            settings.operations(),
            settings.compile());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service), "thermae-end"));
    say(service.ready());
    service.join();
    return 0;
  }

  private int check(ServeSettings settings) {
    ServeCheck found = ServeCheck.of(settings);
    PrintWriter err = spec.commandLine().getErr();
    found.warnings().forEach(warning -> err.println("thermae: warning: " + warning));
    found.problems().forEach(problem -> err.println("thermae: " + problem));
    err.flush();
    if (!found.problems().isEmpty()) {
      return spec.exitCodeOnInvalidInput();
    }
    print(settings.text());
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
