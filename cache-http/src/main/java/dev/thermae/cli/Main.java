package dev.thermae.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code thermae} command. Ends with 0 when all went well, 1 when it could not do its work and
 * 2 when it was called wrongly.
 */
@Command(
    name = "thermae",
    description = "A bytecode cache for the JVM: scripts by URL, what is stored of them, a proxy.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went well",
      "1:the work could not be done, such as a script that cannot be fetched or a port in use",
      "2:a wrong option or value"
    },
    subcommands = {
      Load.class,
      Explain.class,
      Serve.class,
      Stats.class,
      Inspect.class,
      Verify.class,
      Purge.class,
      Gc.class,
      Precompile.class,
      Keys.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli, which sets the field. */
  @SuppressWarnings("NullAway.Init")
  Main() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(run(writer(System.out), writer(System.err), args));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Runs the command; the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Logging.configure();
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((fault, all) -> wrongly(fault))
        .setExecutionExceptionHandler((fault, command, all) -> failed(fault, command))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to do? For example: load URL");
  }

  private static int wrongly(ParameterException fault) {
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("thermae: " + plain(String.valueOf(fault.getMessage())));
    CommandLine.UnmatchedArgumentException.printSuggestions(fault, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String plain(String message) {
    return message.replaceFirst(" is not an? (long|int)$", " is not a whole number");
  }

  private static int failed(Exception fault, CommandLine command) {
    String said = fault.getMessage();
    boolean plain = fault instanceof FailedException && said != null;
    command.getErr().println("thermae: " + (plain ? said : fault.toString()));
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      String java =
          String.format(
              Locale.ROOT,
              "JVM: %s (%s)",
              System.getProperty("java.version"),
              System.getProperty("java.vendor"));
      return new String[] {"thermae " + (version == null ? "dev" : version), java};
    }
  }
}
