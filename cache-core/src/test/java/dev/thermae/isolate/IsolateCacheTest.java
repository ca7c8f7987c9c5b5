package dev.thermae.isolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import java.lang.ref.WeakReference;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory tier as one thread sees it; see {@link IsolateFlightTest} for several. */
class IsolateCacheTest {
  private static final long WEIGHT = 1_000;

  private final IsolateCache<TestUnit> cache = new IsolateCache<>(WEIGHT, 500);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneKeyIsLoadedOnce(boolean settled) {
    if (settled) {
      cache.settle(TestUnit::weight);
    }
    TestLoader loader = TestLoader.of("a");
    TestUnit first = cache.get("key", loader.flight());
    assertThat(cache.get("key", loader.flight())).isSameAs(first);
    assertThat(cache.find("key")).isSameAs(first);
    assertThat(loader.loads).hasValue(1);
    assertThat(cache.count()).isEqualTo(1);
    assertThat(cache.find("other")).isNull();
  }

  @Test
  void settlingMovesWhatIsThere() {
    TestUnit first = cache.get("key", TestLoader.of("a").flight());
    assertThat(cache.isSettled()).isFalse();
    cache.settle(TestUnit::weight);
    cache.settle(TestUnit::weight);
    assertThat(cache.isSettled()).isTrue();
    assertThat(cache.find("key")).isSameAs(first);
    assertThat(cache.count()).isEqualTo(1);
  }

  @Test
  void weightIsBoundedOnceSettled() {
    for (int i = 0; i < 100; i++) {
      int number = i;
      cache.get(i, new TestLoader(() -> new TestUnit("unit " + number, 100)).flight());
    }
    assertThat(cache.count()).isEqualTo(100);
    cache.settle(TestUnit::weight);
    assertThat(cache.count()).isBetween(1L, WEIGHT / 100);
    for (int i = 100; i < 200; i++) {
      cache.get(i, new TestLoader(() -> new TestUnit("unit", 100)).flight());
    }
    assertThat(cache.count()).isBetween(1L, WEIGHT / 100);
  }

  @Test
  void unitHeavierThanTheCacheIsGivenButNotKept() {
    cache.settle(TestUnit::weight);
    assertThat(cache.get("key", new TestLoader(() -> new TestUnit("big", 2_000)).flight()).text())
        .isEqualTo("big");
    assertThat(cache.count()).isZero();
  }

  @Test
  void manyUnitsCrowdAnUnsettledCache() {
    assertThat(cache.isCrowded()).isFalse();
    for (int i = 0; i < 300; i++) {
      cache.get(i, TestLoader.of("unit").flight());
    }
    assertThat(cache.isCrowded()).isTrue();
    cache.settle(TestUnit::weight);
    assertThat(cache.isCrowded()).isFalse();
  }

  @Test
  void clearingForgetsUnitsAndErrors() {
    TestLoader loader = TestLoader.of("a");
    cache.get("key", loader.flight());
    cache.clear();
    cache.get("key", loader.flight());
    cache.settle(TestUnit::weight);
    cache.clear();
    cache.get("key", loader.flight());
    assertThat(loader.loads).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneUnitIsForgotten(boolean settled) {
    if (settled) {
      cache.settle(TestUnit::weight);
    }
    TestUnit other = cache.get("other", TestLoader.of("b").flight());
    TestUnit first = cache.get("key", TestLoader.of("a").flight());
    cache.forget("key");
    cache.forget("unknown");

    assertThat(cache.find("key")).isNull();
    assertThat(cache.get("key", TestLoader.of("a").flight())).isNotSameAs(first);
    assertThat(cache.find("other")).isSameAs(other);
  }

  @Test
  void compileErrorIsRememberedForAWhile() {
    CompileException error = TestLoader.error();
    TestLoader loader =
        new TestLoader(
            () -> {
              throw error;
            });
    assertThatThrownBy(() -> cache.get("key", loader.flight())).isSameAs(error);
    loader.now.addAndGet(499);
    assertThatThrownBy(() -> cache.get("key", loader.flight()))
        .isInstanceOf(CompileException.class)
        .isNotSameAs(error)
        .hasMessage(error.getMessage())
        .hasCause(error.getCause());
    assertThat(loader.loads).hasValue(1);
    assertThat(loader.remembered).hasValue(1);
    loader.now.addAndGet(1);
    assertThatThrownBy(() -> cache.get("key", loader.flight())).isSameAs(error);
    assertThat(loader.loads).hasValue(2);
    assertThat(cache.count()).isZero();
  }

  @Test
  void rememberedErrorDoesNotOutliveAClockThatIsSetBack() {
    TestLoader loader =
        new TestLoader(
            () -> {
              throw TestLoader.error();
            });
    assertThatThrownBy(() -> cache.get("key", loader.flight()))
        .isInstanceOf(CompileException.class);
    loader.now.addAndGet(-100_000);
    assertThatThrownBy(() -> cache.get("key", loader.flight()))
        .isInstanceOf(CompileException.class);
    assertThat(loader.loads).hasValue(2);
  }

  @Test
  void errorsAreNotRememberedWhenThatIsOff() {
    IsolateCache<TestUnit> forgetful = new IsolateCache<>(WEIGHT, 0);
    TestLoader loader =
        new TestLoader(
            () -> {
              throw TestLoader.error();
            });
    assertThatThrownBy(() -> forgetful.get("key", loader.flight()))
        .isInstanceOf(CompileException.class);
    assertThatThrownBy(() -> forgetful.get("key", loader.flight()))
        .isInstanceOf(CompileException.class);
    assertThat(loader.loads).hasValue(2);
  }

  @Test
  void otherFailuresAreNotRemembered() {
    TestLoader broken =
        new TestLoader(
            () -> {
              throw new IllegalStateException("broken");
            });
    assertThatThrownBy(() -> cache.get("key", broken.flight()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(cache.get("key", TestLoader.of("a").flight()).text()).isEqualTo("a");
  }

  @Test
  void sameKeyNestedInItsOwnLoadIsLoadedInside() {
    TestLoader inner = TestLoader.of("inner");
    TestLoader outer =
        new TestLoader(() -> new TestUnit(cache.get("key", inner.flight()).text() + "!", 1));
    assertThat(cache.get("key", outer.flight()).text()).isEqualTo("inner!");
    assertThat(cache.find("key").text()).isEqualTo("inner!");
  }

  @Test
  void scopeIsPartOfTheKeyAndHeldWeakly() {
    CodeKey code = codeKey();
    Object scope = new Object();
    Object other = new Object();
    TestLoader loader = TestLoader.of("a");
    cache.get(IsolateCache.scoped(code, scope), loader.flight());
    cache.get(IsolateCache.scoped(codeKey(), scope), loader.flight());
    assertThat(loader.loads).hasValue(1);
    cache.get(IsolateCache.scoped(code, other), loader.flight());
    cache.get(code, loader.flight());
    assertThat(loader.loads).hasValue(3);
  }

  @Test
  void scopeCanBeCollected() {
    Object scope = new Object();
    WeakReference<Object> weak = new WeakReference<>(scope);
    Object key = IsolateCache.scoped(codeKey(), scope);
    cache.get(key, TestLoader.of("a").flight());
    scope = null;
    for (int i = 0; i < 50 && weak.get() != null; i++) {
      System.gc();
    }
    assertThat(weak.get()).isNull();
    assertThat(key).isNotEqualTo(IsolateCache.scoped(codeKey(), new Object()));
  }

  private static CodeKey codeKey() {
    Fingerprint fingerprint = Fingerprint.compute(Map.of("engine", "text"));
    return new CodeKey("", Source.of("a.js", "text"), Shape.SCRIPT, fingerprint);
  }
}
