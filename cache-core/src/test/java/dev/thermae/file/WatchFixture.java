package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A watching loader, with events and time by hand. */
abstract class WatchFixture extends FileFixture {
  private static final int SECOND = 1_000;

  final FakeEvents events = new FakeEvents();
  final FakeAlarm alarm = new FakeAlarm();
  FileLoader<TextUnit> loader;

  FileLoader<TextUnit> watching(Path... paths) throws IOException {
    return watching(Duration.ofSeconds(5), paths);
  }

  FileLoader<TextUnit> watching(Duration trust, Path... paths) throws IOException {
    write(file, "one");
    FileLoader.Builder<TextUnit> builder =
        FileLoader.builder(cache(), engine).listener(told).trust(trust);
    for (Path path : paths) {
      builder.watch(path);
    }
    loader = builder.build(events, alarm);
    return loader;
  }

  void quiet() {
    time.advance(SECOND, TimeUnit.MILLISECONDS);
    alarm.ring();
  }

  @AfterEach
  void closeLoader() {
    if (loader != null) {
      loader.close();
    }
    assertThat(events.closed()).isEqualTo(events.opened());
  }

  void assertReadsEachTime() throws IOException {
    for (String text : new String[] {"two", "three", "four"}) {
      write(file, text);
      assertRuns(loader.load(file), text);
    }
    assertThat(loader.isWatching()).isFalse();
    assertThat(alarm.isClosed()).isTrue();
    assertThat(told.changes()).isEmpty();
    assertThat(told.stops()).isEmpty();
  }
}
