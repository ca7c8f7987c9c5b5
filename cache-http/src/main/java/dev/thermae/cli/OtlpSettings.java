package dev.thermae.cli;

import com.typesafe.config.Config;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics are pushed to, and how often. Immutable.
 *
 * @param url of a collector's metrics
 */
record OtlpSettings(String url, Duration interval) {
  private static final String URL = "metrics.otlp.url";
  private static final String INTERVAL = "metrics.otlp.interval";
  private static final String REGISTRY = "io.micrometer.registry.otlp.OtlpMeterRegistry";

  /**
   * What settings say; null where no URL is set.
   *
   * @throws IllegalArgumentException when something is wrong or the library is missing
   */
  static @Nullable OtlpSettings of(Config all) {
    if (all.getIsNull(URL)) {
      return null;
    }
    Duration interval = Settings.at(all, INTERVAL, () -> interval(all.getDuration(INTERVAL)));
    return Settings.at(all, URL, () -> new OtlpSettings(url(all.getString(URL)), interval));
  }

  private static Duration interval(Duration given) {
    if (given.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a second and more, not " + given);
    }
    return given;
  }

  private static String url(String given) {
    URI uri = URI.create(given);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "http:// or https://, a host and a path, such as http://localhost:4318/v1/metrics: "
              + given);
    }
    try {
      Class.forName(REGISTRY, false, OtlpSettings.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException(
          "no class "
              + REGISTRY
              + "; it is io.micrometer:micrometer-registry-otlp, with what it needs, and comes before"
              + " this program's jar: java -cp LIBRARIES:thermae.jar dev.thermae.cli.Main serve ...",
          e);
    }
    return given;
  }
}
