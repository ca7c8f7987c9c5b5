package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Compile errors, remembered briefly, so that a broken script is not compiled at every call. */
final class Failures {
  private static final int LIMIT = 1024;

  private final long millis;
  private volatile @Nullable ConcurrentHashMap<Object, Failure> known;

  Failures(long millis) {
    this.millis = millis;
  }

  private record Failure(CompileException error, long until) {}

  /** Throws the error that is remembered for {@code key}, if there is one. */
  void check(Object key, IsolateCache.Loader<?> loader) {
    ConcurrentHashMap<Object, Failure> failures = known;
    if (failures == null) {
      return;
    }
    Failure failure = failures.get(key);
    if (failure != null) {
      if (loader.millis() < failure.until()) {
        throw loader.remembered(failure.error());
      }
      failures.remove(key);
    }
  }

  synchronized void remember(Object key, CompileException error, long now) {
    if (millis <= 0) {
      return;
    }
    ConcurrentHashMap<Object, Failure> failures = known;
    if (failures == null) {
      failures = new ConcurrentHashMap<>();
      known = failures;
    }
    if (failures.size() >= LIMIT) {
      failures.clear();
    }
    failures.put(key, new Failure(error, now + millis));
  }

  synchronized void clear() {
    known = null;
  }
}
