package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.http.testing.PromptServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A collector of OpenTelemetry receives what the proxy did, as any Micrometer registry would. */
@Tag("once")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OtlpPushTest extends AdminFixture {
  private static Map<String, Metric> metrics(RecordedRequest push) throws Exception {
    ExportMetricsServiceRequest request =
        ExportMetricsServiceRequest.parseFrom(push.getBody().toByteArray());
    Map<String, Metric> all = new TreeMap<>();
    request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
        .filter(metric -> metric.getName().startsWith("thermae."))
        .forEach(metric -> all.merge(metric.getName(), metric, OtlpPushTest::both));
    assertThat(request.getResourceMetrics(0).getResource().getAttributesList())
        .anyMatch(
            attribute ->
                attribute.getKey().equals("service.name")
                    && attribute.getValue().getStringValue().equals("thermae"));
    return all;
  }

  private static Metric both(Metric one, Metric other) {
    return one.toBuilder().mergeFrom(other).build();
  }

  @Test
  void metersArriveAtACollector() throws Exception {
    try (MockWebServer collector = PromptServer.create()) {
      collector.start();
      collector.enqueue(new MockResponse.Builder().build());
      ThermaeMetrics metrics = new ThermaeMetrics(board);
      String url = collector.url("/v1/metrics").toString();
      OtlpPush push = OtlpPush.start(metrics, url, Duration.ofHours(1));
      serve("/a.js", "var a;", "Cache-Control: max-age=600");
      get("/a.js");
      get("/a.js");
      awaitRequests(2);
      push.close(); // pushes once more
      RecordedRequest pushed = collector.takeRequest();
      assertThat(pushed.getTarget()).isEqualTo("/v1/metrics");
      assertThat(pushed.getHeaders().get("Content-Type")).isEqualTo("application/x-protobuf");
      Map<String, Metric> arrived = metrics(pushed);
      assertThat(arrived)
          .containsKeys(
              "thermae.request", "thermae.misses", "thermae.ready", "thermae.store.stored");
      assertThat(arrived.get("thermae.store.stored").getSum().getDataPoints(0).getAsDouble())
          .isEqualTo(1);
      assertThat(arrived.get("thermae.misses").getSum().getDataPointsList())
          .anyMatch(
              point ->
                  point.getAsDouble() == 1
                      && point.getAttributes(0).getValue().getStringValue().equals("uri-miss"));
    }
  }
}
