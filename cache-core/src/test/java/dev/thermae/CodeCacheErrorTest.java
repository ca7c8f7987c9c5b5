package dev.thermae;

import static dev.thermae.policy.CachePolicy.chrome;
import static dev.thermae.policy.CachePolicy.eager;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The user's own errors: passed on as they are, remembered briefly, never stored. */
class CodeCacheErrorTest extends CodeCacheFixture {
  private final Source faulty = Source.of("bad.txt", "x".repeat(1100) + "\n\n  !error\n");

  private CompileException fail(CodeCache cache) {
    CompileException error =
        catchThrowableOfType(CompileException.class, () -> cache.compile(engine, faulty));
    assertThat(error).isNotNull();
    return error;
  }

  @Test
  void errorNamesThePlace() {
    CompileException error = fail(cache(chrome()));
    assertThat(error).hasMessage("text is at fault (bad.txt:3:3)");
    assertThat(error.detail()).isEqualTo("text is at fault");
    assertThat(error.name()).isEqualTo("bad.txt");
    assertThat(error.line()).isEqualTo(3);
    assertThat(error.column()).isEqualTo(3);
    assertThat(error).hasRootCauseMessage("at fault");
  }

  @Test
  void nothingIsStoredForASourceAtFault() {
    for (int i = 0; i < 3; i++) {
      try (CodeCache cache = builder().policy(eager()).build()) {
        fail(cache);
      }
    }
    assertThat(engine.compiles()).isEqualTo(3);
    assertThat(engine.serializes()).isZero();
    assertThat(seen.count("stored")).isZero();
    assertThat(seen.count("attached")).isZero();
    assertThat(seen.count("unit")).isZero();
  }

  @Test
  void errorIsRememberedForTheSetTime() {
    CodeCache cache = keep(builder().rememberErrors(5_000).build());
    CompileException first = fail(cache);
    time.advance(4, TimeUnit.SECONDS);
    CompileException again = fail(cache);
    assertThat(again).isNotSameAs(first).hasMessage(first.getMessage());
    assertThat(again.getCause()).isSameAs(first.getCause());
    assertThat(again.line()).isEqualTo(first.line());
    assertThat(engine.compiles()).isEqualTo(1);
    assertThat(seen.count("error")).isEqualTo(1);
    assertThat(seen.count("remembered")).isEqualTo(1);
    assertThat(cache.stats().compileErrors()).isEqualTo(2);
    time.advance(2, TimeUnit.SECONDS);
    fail(cache);
    assertThat(engine.compiles()).isEqualTo(2);
  }

  @Test
  void errorIsNotRememberedWhenThatIsOff() {
    CodeCache cache = keep(builder().rememberErrors(0).build());
    fail(cache);
    fail(cache);
    assertThat(engine.compiles()).isEqualTo(2);
  }

  @Test
  void correctedSourceCompilesAtOnce() {
    CodeCache cache = cache(chrome());
    fail(cache);
    Source corrected = Source.of("bad.txt", faulty.text().replace("!error", "better"));
    assertCold(checked(cache.compile(engine, corrected), corrected));
  }

  @Test
  void forgettingMemoryForgetsErrors() {
    CodeCache cache = cache(chrome());
    fail(cache);
    cache.clearMemory();
    fail(cache);
    assertThat(engine.compiles()).isEqualTo(2);
  }

  @Test
  void anEnginesOwnFailureReachesTheCallerAndIsNotRemembered() {
    CodeCache cache = cache(chrome());
    engine.whileCompiling(
        source -> {
          throw new IllegalStateException("engine");
        });
    Source source = source("hello");
    assertThatThrownBy(() -> cache.compile(engine, source)).hasMessage("engine");
    engine.whileCompiling(anything -> {});
    assertCold(checked(cache.compile(engine, source), source));
    assertThat(cache.stats().compileErrors()).isZero();
  }

  @Test
  void nestedCompilesGiveBothUnits() {
    CodeCache cache = cache(eager());
    Source inner = source("inner");
    Source outer = source("outer");
    engine.whileCompiling(
        source -> {
          if (source.equals(outer)) {
            checked(cache.compile(engine, inner), inner);
          }
        });
    assertCold(checked(cache.compile(engine, outer), outer));
    assertThat(engine.compiles()).isEqualTo(2);
    assertThat(cache.unitsInMemory()).isEqualTo(2);
    cache.close();
    assertHot(load(eager(), inner));
    assertHot(load(eager(), outer));
  }

  @Test
  void nestedErrorIsTheInnerOnes() {
    CodeCache cache = cache(eager());
    Source outer = source("outer");
    engine.whileCompiling(
        source -> {
          if (source.equals(outer)) {
            cache.compile(engine, faulty);
          }
        });
    assertThatThrownBy(() -> cache.compile(engine, outer))
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("bad.txt:3:3");
  }
}
