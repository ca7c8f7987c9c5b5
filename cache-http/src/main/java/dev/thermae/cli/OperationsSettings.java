package dev.thermae.cli;

import com.typesafe.config.Config;
import dev.thermae.http.admin.LogFormat;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a served proxy is operated. Immutable.
 *
 * @param admin null without such a listener
 * @param log null without an access log
 */
record OperationsSettings(@Nullable AdminSettings admin, @Nullable Path log, LogFormat format) {
  /** Neither listener nor log. */
  static final OperationsSettings NONE = new OperationsSettings(null, null, LogFormat.COMBINED);

  /**
   * What settings and environment say.
   *
   * @throws IllegalArgumentException when something is wrong, saying where
   */
  static OperationsSettings of(Config all, Map<String, String> environment) {
    return new OperationsSettings(
        AdminSettings.of(all, environment),
        Settings.path(all, "access-log.file"),
        Settings.at(all, "access-log.format", () -> format(all.getString("access-log.format"))));
  }

  private static LogFormat format(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "combined" -> LogFormat.COMBINED;
      case "json" -> LogFormat.JSON;
      default -> throw new IllegalArgumentException("combined or json, not " + name);
    };
  }
}
