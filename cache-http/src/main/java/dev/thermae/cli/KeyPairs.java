package dev.thermae.cli;

import dev.thermae.code.Ed25519KeyFolder;
import dev.thermae.http.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thermae keys pair}: keys by which a proxy signs code. */
@Command(
    name = "pair",
    description = {
      "Makes the next pair of Ed25519 keys: N.private.pem, for serve --signing-key alone, and"
          + " N.public.pem, for the workers. The folder is made with mode 0700 where it is missing.",
      "",
      "To change the key of a proxy: make the next pair, give the workers both public keys, start"
          + " the proxy with the new private key, and take the old public key from the workers when"
          + " all of them have been answered with the new one."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    usageHelpAutoWidth = true)
final class KeyPairs implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder of the pairs.")
  private Path folder;

  @Option(names = "--json", description = "Prints JSON instead of text.")
  private boolean json;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  KeyPairs() {}

  /**
   * What is printed. Immutable.
   *
   * @param number by which workers know the key
   */
  record Report(int number, String privateKey, String publicKey) {}

  @Override
  public Integer call() throws FailedException {
    try {
      int number = Ed25519KeyFolder.make(folder);
      Report made =
          new Report(
              number,
              Ed25519KeyFolder.privateKey(folder, number).toString(),
              Ed25519KeyFolder.publicKey(folder, number).toString());
      spec.commandLine().getOut().println(json ? Json.of(made) : text(made));
      return 0;
    } catch (IOException e) {
      throw new FailedException("no keys can be made in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String text(Report made) {
    int number = made.number();
    return "key pair "
        + number
        + " was made\n  the proxy's    "
        + made.privateKey()
        + "  (serve --signing-key, compile.signing-key)\n  its workers'   "
        + made.publicKey()
        + "  (--public-key, Ed25519PublicKeys.accepting("
        + number
        + ", FILE))"
        + (number == 1
            ? ""
            : "\nGive the workers this public key beside the old one before the proxy signs by it");
  }
}
