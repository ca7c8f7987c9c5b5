package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.TextEngine;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Caches over one folder, each an isolate of its own, and the checks that every test ends with. */
abstract class CodeCacheFixture {
  static final String KEY = "url \nhttps://example.org/a.txt";

  @TempDir Path folder;
  final FakeTime time = new FakeTime();
  final RecordingListener seen = new RecordingListener();
  final TextEngine engine = new TextEngine();
  private final List<CodeCache> open = new ArrayList<>();

  /** A source of at least 1,024 bytes that begins with {@code text}. */
  static Source source(String text) {
    return Source.of("a.txt", text + "\n" + "x".repeat(1100));
  }

  CodeCacheBuilder builder() {
    return CodeCache.builder().directory(folder).time(time).listener(seen);
  }

  /** A fresh isolate. */
  CodeCache cache(CachePolicy policy) {
    return keep(builder().policy(policy).build());
  }

  CodeCache keep(CodeCache cache) {
    open.add(cache);
    return cache;
  }

  /** One load in a fresh isolate, which is closed afterwards. */
  Compiled<TextUnit> load(CachePolicy policy, Source source) {
    try (CodeCache cache = builder().policy(policy).build()) {
      return checked(cache.compile(engine, source), source);
    }
  }

  /** One load of a stored resource in a fresh isolate. */
  Compiled<TextUnit> loadStored(CachePolicy policy, Source source) {
    try (CodeCache cache = builder().policy(policy).build()) {
      StoredEntry entry = cache.store().find(KEY, null);
      return checked(cache.compile(engine, source, Shape.SCRIPT, entry), source);
    }
  }

  /** Stores {@code source} as a 200 would, under a new generation. */
  StoredEntry store(CodeCache cache, Source source) throws IOException {
    try (NewBody body = cache.store().newBody(KEY)) {
      body.write(source.bytes());
      EntryHead head = TestHeads.of(KEY, time.millis(), source.bytes().length);
      return cache.store().put(head, body);
    }
  }

  static Compiled<TextUnit> checked(Compiled<TextUnit> unit, Source source) {
    assertThat(unit.code().run()).isEqualTo(TextUnit.run(source.text()));
    return unit;
  }

  static void assertRun(Compiled<TextUnit> unit, Temperature temperature, Origin origin) {
    assertThat(unit.temperature()).as(unit.toString()).isEqualTo(temperature);
    assertThat(unit.origin()).as(unit.toString()).isEqualTo(origin);
    assertThat(unit.why()).isNotEmpty();
  }

  static void assertCold(Compiled<TextUnit> unit) {
    assertRun(unit, Temperature.COLD, Origin.COMPILED);
  }

  static void assertWarm(Compiled<TextUnit> unit) {
    assertRun(unit, Temperature.WARM, Origin.COMPILED);
  }

  static void assertHot(Compiled<TextUnit> unit) {
    assertRun(unit, Temperature.HOT, Origin.RESTORED);
    assertThat(unit.compileNanos()).isZero();
  }

  @AfterEach
  void nothingForeignWasRestored() {
    open.forEach(CodeCache::close);
    assertThat(engine.foreign()).isEmpty();
  }
}
