package dev.thermae;

import static dev.thermae.policy.CachePolicy.chrome;
import static dev.thermae.policy.CachePolicy.eager;
import static dev.thermae.policy.CachePolicy.firefox;
import static dev.thermae.policy.CachePolicy.isolateOnly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.TextUnit;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Cold, warm and hot, across fresh isolates over one folder. */
class CodeCacheTest extends CodeCacheFixture {
  private final Source source = source("hello");

  @Test
  void coldThenWarmThenHot() {
    assertCold(load(chrome(), source));
    assertWarm(load(chrome(), source));
    assertHot(load(chrome(), source));
    assertHot(load(chrome(), source("hello")));
    assertThat(engine.compiles()).isEqualTo(2);
    assertThat(engine.serializes()).isEqualTo(1);
    assertThat(engine.restores()).isEqualTo(2);
  }

  @Test
  void hotComesWithTheFourthLoadUnderFirefoxsPolicy() {
    for (int i = 0; i < 3; i++) {
      assertCold(load(firefox(), source));
    }
    assertWarm(load(firefox(), source));
    assertHot(load(firefox(), source));
  }

  @Test
  void eagerAttachesAtOnceAndWasStillCold() {
    assertCold(load(eager(), source));
    assertHot(load(eager(), source));
  }

  @Test
  void isolateOnlyKeepsNothing() {
    assertCold(load(isolateOnly(), source));
    assertCold(load(isolateOnly(), source));
    assertThat(seen.count("stored")).isZero();
  }

  @Test
  void markOlderThanTheWindowIsForgotten() {
    assertCold(load(chrome(), source));
    time.advance(73, TimeUnit.HOURS);
    assertCold(load(chrome(), source));
  }

  @Test
  void markFromTheFutureIsForgotten() {
    assertCold(load(chrome(), source));
    time.advance(-1, TimeUnit.HOURS);
    assertCold(load(chrome(), source));
  }

  @Test
  void smallSourcesStayInMemory() {
    Source small = Source.of("a.txt", "x".repeat(1023));
    assertCold(load(chrome(), small));
    assertCold(load(chrome(), small));
    assertThat(seen.count("stored")).isZero();
    Source enough = Source.of("a.txt", "x".repeat(1024));
    assertCold(load(chrome(), enough));
    assertWarm(load(chrome(), enough));
  }

  @Test
  void policyCanBeSetPerEngine() {
    for (Temperature expected : new Temperature[] {Temperature.COLD, Temperature.HOT}) {
      try (CodeCache cache = builder().policy(isolateOnly()).policy("text", eager()).build()) {
        assertThat(cache.compile(engine, source).temperature()).isEqualTo(expected);
      }
    }
  }

  @Test
  void secondCompileInOneIsolateComesFromMemory() {
    CodeCache cache = cache(chrome());
    Compiled<TextUnit> first = cache.compile(engine, source);
    Compiled<TextUnit> second = cache.compile(engine, source("hello"));
    assertRun(second, Temperature.COLD, Origin.MEMORY);
    assertThat(second.code()).isSameAs(first.code());
    assertThat(engine.compiles()).isEqualTo(1);
    cache.clearMemory();
    cache.flush();
    assertThat(cache.compile(engine, source).origin()).isEqualTo(Origin.RESTORED);
  }

  /** A process that lives long fills the disk too, and serializes once for it. */
  @Test
  void memoryHitAttachesOnce() {
    try (CodeCache cache = builder().policy(chrome()).build()) {
      for (int i = 0; i < 10; i++) {
        cache.compile(engine, source);
        cache.flush();
      }
      assertThat(cache.stats().attached()).isEqualTo(1);
    }
    assertThat(engine.serializes()).isEqualTo(1);
    assertHot(load(chrome(), source));
  }

  @Test
  void memoryHitAttachesOnceForEachGeneration() throws IOException {
    CodeCache cache = cache(chrome());
    for (int generation = 1; generation <= 3; generation++) {
      time.advance(1, TimeUnit.SECONDS);
      StoredEntry entry = store(cache, source);
      for (int i = 0; i < 5; i++) {
        cache.compile(engine, source, Shape.SCRIPT, entry);
        cache.flush();
      }
      assertThat(cache.stats().attached()).isEqualTo(generation);
    }
    assertThat(engine.compiles()).isEqualTo(1);
    assertHot(loadStored(chrome(), source));
  }

  @Test
  void newGenerationIsColdAndA304StaysHot() throws IOException {
    CodeCache cache = cache(isolateOnly());
    store(cache, source);
    assertCold(loadStored(chrome(), source));
    assertWarm(loadStored(chrome(), source));
    assertHot(loadStored(chrome(), source));
    StoredEntry entry = cache.store().find(KEY, null);
    cache.store().withHead(entry, TestHeads.validated(entry.head(), time.millis()));
    assertHot(loadStored(chrome(), source));
    time.advance(1, TimeUnit.SECONDS);
    store(cache, source);
    assertCold(loadStored(chrome(), source));
    assertWarm(loadStored(chrome(), source));
    assertHot(loadStored(chrome(), source));
  }

  @Test
  void codeKeptForAResourceIsNotThatOfTheBareSource() throws IOException {
    store(cache(isolateOnly()), source);
    loadStored(eager(), source);
    assertCold(load(eager(), source));
    assertHot(load(eager(), source));
  }

  @Test
  void whatMustNotBeStoredStaysInMemory() {
    for (int i = 0; i < 2; i++) {
      try (CodeCache cache = builder().policy(eager()).build()) {
        assertCold(cache.compileInMemory(engine, source, Shape.SCRIPT));
        assertThat(cache.compileInMemory(engine, source, Shape.SCRIPT).origin())
            .isEqualTo(Origin.MEMORY);
      }
    }
    assertThat(seen.count("stored")).isZero();
  }

  @Test
  void sourceThatWasOnlyForMemoryIsKeptOnceItMayBe() {
    try (CodeCache cache = builder().policy(eager()).build()) {
      cache.compileInMemory(engine, source, Shape.SCRIPT);
      cache.compile(engine, source);
    }
    assertHot(load(eager(), source));
  }

  @Test
  void namespacesShareNothing() {
    for (String namespace : new String[] {"", "a", "b"}) {
      try (CodeCache cache = builder().namespace(namespace).policy(eager()).build()) {
        assertCold(cache.compile(engine, source));
      }
    }
    assertHot(load(eager(), source));
  }

  @Test
  void nameIsPartOfTheCodeWhereTheEngineBakesIt() {
    Source renamed = Source.of("b.txt", source.text());
    load(eager(), source);
    assertHot(load(eager(), renamed));
    engine.bakesName(true);
    assertCold(load(eager(), source));
    assertCold(load(eager(), renamed));
    assertHot(load(eager(), source));
    assertHot(load(eager(), renamed));
  }

  @Test
  void shapesAreKeptApart() {
    for (Temperature expected : new Temperature[] {Temperature.COLD, Temperature.HOT}) {
      try (CodeCache cache = builder().policy(eager()).build()) {
        for (int line = 1; line <= 3; line++) {
          Shape shape = Shape.SCRIPT.startingAt(line);
          assertThat(cache.compile(engine, source, shape, null).temperature()).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void statisticsAddUp() {
    CodeCache cache = cache(CachePolicy.chrome());
    cache.compile(engine, source);
    cache.compile(engine, source);
    cache.flush();
    CacheStats stats = cache.stats();
    assertThat(stats.cold()).isEqualTo(1);
    assertThat(stats.memory()).isEqualTo(1);
    assertThat(stats.cold() + stats.warm() + stats.hot()).isEqualTo(seen.count("unit") - 1);
    assertThat(stats.compiles()).isEqualTo(engine.compiles());
    assertThat(stats.restores()).isEqualTo(engine.restores());
    assertThat(stats.stored()).isEqualTo(seen.count("stored"));
    assertThat(stats.attached()).isEqualTo(seen.count("attached"));
    assertThat(stats.faults()).isZero();
    assertThat(stats.rejected()).isZero();
    assertThat(stats.loadNanos()).isGreaterThanOrEqualTo(stats.compileNanos());
  }

  @Test
  void unitsInMemoryAreBounded() {
    CodeCache cache = keep(builder().policy(isolateOnly()).memoryBytes(100_000).build());
    for (int i = 0; i < 600; i++) {
      cache.compile(engine, Source.of(i + ".txt", "text " + i));
    }
    cache.flush();
    assertThat(cache.unitsInMemory()).isLessThan(100);
  }
}
