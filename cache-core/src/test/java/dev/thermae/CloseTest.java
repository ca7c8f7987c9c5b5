package dev.thermae;

import static dev.thermae.policy.CachePolicy.eager;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Source;
import dev.thermae.event.Origin;
import dev.thermae.testing.TextUnit;
import dev.thermae.testing.Threads;
import org.junit.jupiter.api.Test;

/** Flushing and closing keep what is to be kept; a closed cache still compiles. */
class CloseTest extends CodeCacheFixture {
  @Test
  void flushedCodeIsThereForOthers() {
    CodeCache cache = cache(eager());
    cache.compile(engine, source("hello"));
    assertThat(cache.flush()).isTrue();
    assertThat(cache.stats().attached()).isEqualTo(1);
    assertHot(load(eager(), source("hello")));
  }

  @Test
  void closingKeepsWhatIsQueued() {
    try (CodeCache cache = builder().policy(eager()).build()) {
      for (int i = 0; i < 50; i++) {
        cache.compile(engine, source("text " + i));
      }
    }
    assertThat(seen.count("attached")).isEqualTo(50);
    for (int i = 0; i < 50; i++) {
      assertHot(load(eager(), source("text " + i)));
    }
  }

  @Test
  void closedCacheStillCompiles() {
    CodeCache cache = cache(eager());
    cache.close();
    cache.close();
    Source source = source("hello");
    assertCold(checked(cache.compile(engine, source), source));
    assertThat(seen.count("dropped")).isPositive();
    assertThat(cache.flush()).isTrue();
    assertThat(seen.faults()).isEmpty();
  }

  @Test
  void unusedCacheClosesAndFlushes() {
    CodeCache cache = cache(eager());
    assertThat(cache.flush()).isTrue();
    cache.close();
    assertThat(cache.unitsInMemory()).isZero();
  }

  @Test
  void manyThreadsManySources() throws Exception {
    CodeCache cache = cache(eager());
    Threads.run(
        8,
        index -> {
          for (int i = 0; i < 40; i++) {
            Source source = source("text " + i);
            checked(cache.compile(engine, source), source);
          }
        });
    assertThat(engine.compiles()).isEqualTo(40);
    cache.close();
    assertThat(cache.stats().attached()).isEqualTo(40);
    assertThat(cache.stats().memory() + cache.stats().cold()).isEqualTo(320);
  }

  @Test
  void withoutADiskTierCodeIsKeptInMemory() {
    CodeCache cache = keep(CodeCache.builder().inMemory().policy(eager()).listener(seen).build());
    Source source = source("hello");
    cache.compile(engine, source);
    cache.flush();
    cache.clearMemory();
    Compiled<TextUnit> again = checked(cache.compile(engine, source), source);
    assertThat(again.origin()).isEqualTo(Origin.RESTORED);
    assertThat(folder).isEmptyDirectory();
  }
}
