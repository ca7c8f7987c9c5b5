package dev.thermae.cli;

import dev.thermae.http.admin.AdminToken;
import dev.thermae.http.admin.LogFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the proxy is operated: its admin listener and its access log. */
final class ServedAdmin {
  private static final String VARIABLE = "THERMAE_ADMIN_TOKEN";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      description =
          "Status, metrics, purge, explain and a page on a listener of their own, 0 for any free"
              + " port (default: none).")
  private @Nullable Integer port;

  @Option(
      names = "--admin-bind",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "The address of that listener (default: ${DEFAULT-VALUE}).")
  private String bind;

  @Option(
      names = "--admin-name",
      paramLabel = "HOST",
      description =
          "A name by which requests may call that listener's host, besides addresses and localhost;"
              + " may be given several times.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--admin-token-file",
      paramLabel = "FILE",
      description =
          "The file of that listener's token, made where it is missing (default: the environment's"
              + " THERMAE_ADMIN_TOKEN, else the file thermae/admin-token in the user's"
              + " configuration home).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description = "Appends a line for each request to a file (default: none).")
  private @Nullable Path log;

  @Option(
      names = "--log-format",
      defaultValue = "combined",
      paramLabel = "NAME",
      description = "combined or json (default: ${DEFAULT-VALUE}).")
  private LogFormat format;

  /** Made by picocli, which sets the fields. */
  @SuppressWarnings("NullAway.Init")
  ServedAdmin() {}

  /** What was chosen; the token is read, or made. */
  Operations.Settings settings() throws FailedException {
    if (port == null) {
      return new Operations.Settings(null, log, format);
    }
    if (port < 0 || port > 65_535) {
      throw wrong("--admin-port is 0 to 65535: " + port, null);
    }
    String known = tokenFile == null ? System.getenv(VARIABLE) : null;
    try {
      if (known != null) {
        AdminToken token = AdminToken.of(known);
        Operations.Admin admin = new Operations.Admin(bind, port, names, token, "in " + VARIABLE);
        return new Operations.Settings(admin, log, format);
      }
    } catch (IllegalArgumentException e) {
      throw wrong(VARIABLE + ": " + e.getMessage(), e);
    }
    Path file = tokenFile == null ? defaultFile() : tokenFile;
    try {
      AdminToken token = AdminToken.read(file);
      String place = "in " + file.toAbsolutePath().normalize();
      return new Operations.Settings(
          new Operations.Admin(bind, port, names, token, place), log, format);
    } catch (IOException e) {
      throw new FailedException("the admin token: " + e.getMessage(), e);
    }
  }

  private static Path defaultFile() {
    String home = System.getenv("XDG_CONFIG_HOME");
    Path folder =
        home == null || home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(home);
    return folder.resolve("thermae").resolve("admin-token");
  }

  private ParameterException wrong(String what, @Nullable Exception fault) {
    return new ParameterException(spec.commandLine(), what, fault);
  }
}
