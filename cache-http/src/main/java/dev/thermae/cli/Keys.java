package dev.thermae.cli;

import dev.thermae.disk.KeyFolder;
import dev.thermae.event.TimeSource;
import dev.thermae.http.report.Json;
import dev.thermae.http.report.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thermae keys}: the secrets of signed folders. */
@Command(
    name = "keys",
    description = {
      "Makes and lists the secrets that signed cache folders are sealed with, for --keys.",
      "",
      "All users of one cache folder sign, with the same keys, or none does. Keep the keys outside"
          + " of it. The highest number signs, and the others are still accepted, so that after a"
          + " rotation what is stored stays hot; deleting a key's file withdraws it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "(rotate | list)",
    usageHelpAutoWidth = true,
    subcommands = {Keys.Rotate.class, Keys.Listing.class},
    footer = {"", "Example:", "  thermae keys rotate /etc/app/keys"})
final class Keys implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli, which sets the field. */
  @SuppressWarnings("NullAway.Init")
  Keys() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to do? rotate DIR, or list DIR");
  }

  /** {@code thermae keys rotate}. */
  @Command(
      name = "rotate",
      description = {
        "Adds a random key to the folder, which is made with mode 0700 where it is missing; from"
            + " then on it signs.",
        "",
        "Processes that run go on with the keys they have read."
      },
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      usageHelpAutoWidth = true)
  static final class Rotate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder of the keys.")
    private Path folder;

    /** Made by picocli, which sets the fields. */
    @SuppressWarnings("NullAway.Init")
    Rotate() {}

    @Override
    public Integer call() throws FailedException {
      try {
        int made = KeyFolder.rotate(folder);
        spec.commandLine().getOut().println(folder + ": key " + made + " was made, and signs");
        return 0;
      } catch (IOException e) {
        throw new FailedException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /**
   * What {@code thermae keys list} prints. Immutable.
   *
   * @param folder that holds them
   * @param keys by their numbers
   */
  record Report(String folder, List<Key> keys) {}

  /**
   * A key, without its secret.
   *
   * @param made in UTC
   * @param signs whether new seals are made with it; the others are accepted
   */
  record Key(int number, String made, long ageSeconds, boolean signs) {}

  /** {@code thermae keys list}. */
  @Command(
      name = "list",
      description = "Lists the keys: number, age, and which one signs; never a secret.",
      mixinStandardHelpOptions = true,
      versionProvider = Main.Version.class,
      usageHelpAutoWidth = true)
  static final class Listing implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder of the keys.")
    private Path folder;

    @Option(names = "--json", description = "Prints JSON instead of text.")
    private boolean json;

    private final TimeSource time = TimeSource.SYSTEM;

    /** Made by picocli, which sets the fields. */
    @SuppressWarnings("NullAway.Init")
    Listing() {}

    @Override
    public Integer call() throws FailedException {
      try {
        long now = time.millis();
        List<Key> keys =
            KeyFolder.list(folder).stream()
                .map(
                    key ->
                        new Key(
                            key.number(),
                            Words.time(key.made()),
                            (now - key.made()) / 1000,
                            key.signs()))
                .toList();
        spec.commandLine()
            .getOut()
            .println(json ? Json.of(new Report(folder.toString(), keys)) : text(keys));
        return 0;
      } catch (IOException e) {
        throw new FailedException(String.valueOf(e.getMessage()), e);
      }
    }

    private static String text(List<Key> keys) {
      StringBuilder text = new StringBuilder();
      for (Key key : keys) {
        text.append(
            String.format(
                Locale.ROOT,
                "key %d: made %s, %s ago, %s%n",
                key.number(),
                key.made(),
                Words.seconds(key.ageSeconds()),
                key.signs() ? "signs" : "accepted"));
      }
      return text.toString().stripTrailing();
    }
  }
}
