package dev.thermae.event.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording holds of a cache's work. */
class JfrListenerTest {
  @TempDir private Path folder;

  @Test
  void loadsCompilesAndRejectionsAreRecorded() throws Exception {
    JfrListener listener = new JfrListener();
    Path file = folder.resolve("recording.jfr");
    Source source = Source.of("app.js", "var a = 1;");
    try (Recording recording = new Recording();
        CodeCache cache = CodeCache.builder().inMemory().listener(listener).build()) {
      recording.enable("dev.thermae.Load");
      recording.enable("dev.thermae.Compile");
      recording.enable("dev.thermae.Rejection");
      recording.start();
      cache.compile(RhinoEngine.create(), source);
      cache.compile(RhinoEngine.create(), source);
      listener.onRejected("here", Rejection.LENGTH, "why");
      listener.onCompileError("wrong.js", true);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.thermae.Load"))
        .extracting(
            event -> event.getString("source"),
            event -> event.getString("temperature"),
            event -> event.getString("origin"))
        .contains(tuple("app.js", "cold", "compiled"))
        .hasSize(2);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.thermae.Compile"))
        .extracting(event -> event.getString("source"), event -> event.getBoolean("succeeded"))
        .containsExactly(tuple("app.js", true), tuple("wrong.js", false));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.thermae.Rejection"))
        .extracting(event -> event.getString("reason"))
        .containsExactly("LENGTH");
  }
}
