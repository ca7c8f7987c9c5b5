package dev.thermae.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code serve} that are settings of its file, each said once. */
final class ServeOptions implements IModelTransformer {
  private enum Kind {
    ONE,
    MANY,
    FLAG
  }

  /**
   * One of them.
   *
   * @param name the longest
   * @param letter a short one; empty without
   * @param path of the setting that it is
   * @param label what a word for it is called in the help
   */
  private record Choice(
      Kind kind, String name, String letter, String path, String label, String description) {
    OptionSpec spec() {
      String[] names = letter.isEmpty() ? new String[] {name} : new String[] {letter, name};
      OptionSpec.Builder spec = OptionSpec.builder(names).description(description);
      return switch (kind) {
        case FLAG -> spec.type(boolean.class).arity("0").build();
        case ONE -> spec.paramLabel(label).type(String.class).arity("1").build();
        case MANY ->
            spec.paramLabel(label).type(List.class).auxiliaryTypes(String.class).arity("1").build();
      };
    }
  }

  private static final List<Choice> ALL =
      List.of(
          many(
              "--origin",
              "origins",
              "URL",
              "Where requests go: http or https, a host and perhaps a port. Repeated with FROM=URL"
                  + " for more: FROM is a host that clients name, a path /x/, or both."),
          many(
              "--allow",
              "fetch.allow",
              "ORIGIN",
              "What clients may get by /fetch/SCHEME/AUTHORITY/PATH; may be repeated. A host or a"
                  + " URL without a path; *.example.org for all hosts below. Only at addresses on"
                  + " the internet."),
          new Choice(
              Kind.FLAG,
              "--allow-internal",
              "",
              "fetch.internal",
              "",
              "Origins of --allow that are no patterns may have private addresses, too."),
          new Choice(
              Kind.ONE,
              "--port",
              "-p",
              "listen.port",
              "N",
              "The port to listen on, 0 for any free one (default: 8080)."),
          one("--bind", "listen.bind", "ADDRESS", "The address to listen on (default: 127.0.0.1)."),
          new Choice(
              Kind.ONE,
              "--dir",
              "-d",
              "cache.directory",
              "DIR",
              "The cache folder, made where it is missing (default: THERMAE_DIR, else the folder"
                  + " thermae in the user's cache home)."),
          one(
              "--keys",
              "cache.keys",
              "DIR",
              "The folder of a signed cache's secrets, files named 1.key, 2.key and so on; the"
                  + " highest number signs."),
          one(
              "--admin-port",
              "admin.port",
              "N",
              "Status, metrics, purge, explain and a page on a listener of their own, 0 for any"
                  + " free port (default: none)."),
          one(
              "--admin-bind",
              "admin.bind",
              "ADDRESS",
              "The address of that listener (default: 127.0.0.1)."),
          many(
              "--admin-name",
              "admin.names",
              "HOST",
              "A name by which requests may call that listener's host, besides addresses and"
                  + " localhost; may be given several times."),
          one(
              "--admin-token-file",
              "admin.token-file",
              "FILE",
              "The file of that listener's token, made where it is missing (default: the"
                  + " environment's THERMAE_ADMIN_TOKEN, else the file thermae/admin-token in the"
                  + " user's configuration home)."),
          one(
              "--access-log",
              "access-log.file",
              "FILE",
              "Appends a line for each request to a file (default: none)."),
          one("--log-format", "access-log.format", "NAME", "combined or json (default: combined)."),
          one(
              "--signing-key",
              "compile.signing-key",
              "FILE",
              "The private Ed25519 key, in PEM, that code is signed with; needed where there are"
                  + " engines."),
          one(
              "--name",
              "name",
              "NAME",
              "What Via and Cache-Status call this proxy (default: thermae)."),
          many(
              "--engine",
              "compile.engines",
              "NAME",
              "Code is made with this engine, in a JVM of its own; may be given several times"
                  + " (default: none is made)."),
          many(
              "--engine-path",
              "compile.engine-path",
              "JAR|DIR",
              "Where the engines are: the jars of the workers that ask, in order; may be given"
                  + " several times, or as a class path (default: what this command runs from)."),
          one(
              "--compile-heap",
              "compile.heap",
              "SIZE",
              "The heap of a JVM that compiles (default: 512MiB)."),
          one(
              "--compile-time",
              "compile.time",
              "TIME",
              "How long a compile may take (default: 30s)."),
          one(
              "--compile-queue",
              "compile.queue",
              "N",
              "Compiles that wait, at most (default: 64)."),
          one(
              "--compile-workers",
              "compile.workers",
              "N",
              "JVMs that compile, at most (default: 1)."));

  private static final Map<String, String> PATHS =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Choice::name, Choice::path));

  /** Made by picocli. */
  ServeOptions() {}

  private static Choice one(String name, String path, String label, String description) {
    return new Choice(Kind.ONE, name, "", path, label, description);
  }

  private static Choice many(String name, String path, String label, String description) {
    return new Choice(Kind.MANY, name, "", path, label, description);
  }

  /** The paths of the settings that options are, by the options' longest names. */
  static Map<String, String> paths() {
    return PATHS;
  }

  @Override
  public CommandSpec transform(CommandSpec command) {
    ALL.forEach(choice -> command.addOption(choice.spec()));
    return command;
  }
}
