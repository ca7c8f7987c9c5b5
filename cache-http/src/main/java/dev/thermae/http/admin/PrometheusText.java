package dev.thermae.http.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Metrics in the text format of Prometheus; its libraries are loaded with this class. */
final class PrometheusText {
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  PrometheusText(ThermaeMetrics metrics) {
    metrics.bindTo(registry);
  }

  String scrape() {
    return registry.scrape(TYPE);
  }
}
