package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.resource.Forwarding;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds of requests. */
class RequestEventsTest {
  @TempDir private Path folder;

  @Test
  void requestsAreWrittenWhileTheyAreRecorded() throws Exception {
    RequestEvents events = new RequestEvents();
    assertThat(events.isOn()).isFalse();
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.thermae.Request");
      recording.start();
      assertThat(events.isOn()).isTrue();
      events.onRequest(
          new ProxyRequest(
              1,
              "c",
              "GET",
              "/a",
              "HTTP/1.1",
              "http://localhost/a",
              200,
              7,
              ProxyRequest.Outcome.MISS,
              Forwarding.URI_MISS,
              Temperature.HOT,
              20,
              10,
              "",
              ""));
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> found = RecordingFile.readAllEvents(file);
    assertThat(found).hasSize(1);
    RecordedEvent event = found.get(0);
    assertThat(event.getString("url")).isEqualTo("http://localhost/a");
    assertThat(event.getString("reason")).isEqualTo("uri-miss");
    assertThat(event.getString("temperature")).isEqualTo("hot");
    assertThat(event.getDuration("originTime").toNanos()).isEqualTo(10);
  }
}
