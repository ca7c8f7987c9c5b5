package dev.thermae.http.admin;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pushes metrics to a collector of OpenTelemetry by OTLP over HTTP, at intervals and once more when
 * it is closed. Needs {@code io.micrometer:micrometer-registry-otlp} on the class path. A collector
 * that does not answer is told of in the log, and disturbs nothing else. Thread-safe.
 */
public final class OtlpPush implements AutoCloseable {
  private static final String SERVICE = "service.name";

  private final MeterRegistry registry;

  private OtlpPush(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Starts to push.
   *
   * @param url of the collector's metrics, such as {@code http://localhost:4318/v1/metrics}
   * @param interval between two pushes, a second and more
   */
  public static OtlpPush start(ThermaeMetrics metrics, String url, Duration interval) {
    OtlpPush push = new OtlpPush(new OtlpMeterRegistry(new Settings(url, interval), Clock.SYSTEM));
    metrics.bindTo(push.registry);
    return push;
  }

  /** Attributes of the resource are those of OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME. */
  private record Settings(String url, Duration step) implements OtlpConfig {
    @Override
    public @Nullable String get(String key) {
      return null;
    }

    @Override
    public Map<String, String> resourceAttributes() {
      Map<String, String> all = new LinkedHashMap<>(OtlpConfig.super.resourceAttributes());
      all.putIfAbsent(SERVICE, "thermae");
      return all;
    }
  }

  /** Pushes what was counted since the last time, and ends. */
  @Override
  public void close() {
    registry.close();
  }
}
