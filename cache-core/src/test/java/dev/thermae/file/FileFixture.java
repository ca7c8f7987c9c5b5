package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of scripts, and a cache beside it. */
abstract class FileFixture {
  private static final long PATIENCE_SECONDS = 30;

  @TempDir Path temporary;
  final FakeTime time = new FakeTime();
  final RecordingListener seen = new RecordingListener();
  final TextEngine engine = new TextEngine();
  final Told told = new Told();
  Path scripts;
  Path file;
  private CodeCache cache;

  @BeforeEach
  void makeScripts() throws IOException {
    scripts = Files.createDirectory(temporary.toRealPath().resolve("scripts"));
    file = scripts.resolve("a.txt");
  }

  /** Long enough for every policy. */
  static String text(String begin) {
    return begin + "\n" + "x".repeat(1100);
  }

  static void write(Path file, String begin) throws IOException {
    Files.writeString(file, text(begin));
  }

  CodeCache open(CachePolicy policy) {
    return CodeCache.builder()
        .directory(temporary.resolve("cache"))
        .time(time)
        .listener(seen)
        .policy(policy)
        .build();
  }

  /** The test's own isolate, with an eager policy. */
  CodeCache cache() {
    if (cache == null) {
      cache = open(CachePolicy.eager());
    }
    return cache;
  }

  /** A load by a fresh process. */
  Compiled<TextUnit> loadAnew(CachePolicy policy) throws IOException {
    try (CodeCache fresh = open(policy);
        FileLoader<TextUnit> loader = FileLoader.of(fresh, engine)) {
      return loader.load(file);
    }
  }

  StoredEntry entry(Path of) {
    return cache().store().find("file \n" + of.toUri(), null);
  }

  static void assertRuns(Compiled<TextUnit> unit, String begin) {
    assertThat(unit.code().run()).isEqualTo(TextUnit.run(text(begin)));
  }

  @AfterEach
  void nothingForeignWasRestored() {
    if (cache != null) {
      cache.close();
    }
    assertThat(engine.foreign()).isEmpty();
  }

  /** What listeners heard. */
  static final class Told implements FileListener {
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final BlockingQueue<WatchStoppedException> stops = new LinkedBlockingQueue<>();

    @Override
    public void onChange(Path file, FileChange change) {
      changes.add(change + " " + file.getFileName());
    }

    @Override
    public void onStopped(WatchStoppedException reason) {
      stops.add(reason);
    }

    /** Waits for the next change. */
    String next() throws InterruptedException {
      return changes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end of watching. */
    WatchFault stopped() throws InterruptedException {
      WatchStoppedException reason = stops.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return reason == null ? null : reason.fault();
    }

    /** What was heard and not taken, so far. */
    BlockingQueue<String> changes() {
      return changes;
    }

    BlockingQueue<WatchStoppedException> stops() {
      return stops;
    }
  }
}
