package dev.thermae.cli;

import com.typesafe.config.Config;
import dev.thermae.http.admin.AdminToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The admin listener. Immutable.
 *
 * @param names by which requests may call its host, besides addresses and localhost
 * @param given the token, where the environment has it; null where a file does
 * @param file the token's, made where it is missing
 */
record AdminSettings(
    String bind, int port, List<String> names, @Nullable AdminToken given, Path file) {
  private static final String VARIABLE = "THERMAE_ADMIN_TOKEN";

  /**
   * What settings and environment say; null where no port is set.
   *
   * @throws IllegalArgumentException when something is wrong, saying where
   */
  static @Nullable AdminSettings of(Config all, Map<String, String> environment) {
    if (all.getIsNull("admin.port")) {
      return null;
    }
    int port = Settings.at(all, "admin.port", () -> port(all.getInt("admin.port")));
    List<String> names = Settings.words(all, "admin.names");
    Path file = Settings.path(all, "admin.token-file");
    AdminToken token = file == null ? token(environment.get(VARIABLE)) : null;
    return new AdminSettings(
        all.getString("admin.bind"),
        port,
        names,
        token,
        file == null ? defaultFile(environment) : file);
  }

  private static int port(int number) {
    if (number < 0 || number > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535: " + number);
    }
    return number;
  }

  private static @Nullable AdminToken token(@Nullable String word) {
    try {
      return word == null ? null : AdminToken.of(word);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(VARIABLE + ": " + e.getMessage(), e);
    }
  }

  private static Path defaultFile(Map<String, String> environment) {
    String home = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path folder =
        home.isEmpty() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(home);
    return folder.resolve("thermae").resolve("admin-token");
  }

  /**
   * The token.
   *
   * @throws IOException when its file cannot be read or made
   */
  AdminToken token() throws IOException {
    return given == null ? AdminToken.read(file) : given;
  }

  /** Where the token is, in words. */
  String place() {
    return given == null ? "in " + file.toAbsolutePath().normalize() : "in " + VARIABLE;
  }
}
