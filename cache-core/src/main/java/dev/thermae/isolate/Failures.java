package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compile errors, remembered briefly, so that a broken script is not compiled at every call.
 * Thread-safe.
 */
final class Failures {
  private static final int LIMIT = 1024;

  private final long millis;
  private final ConcurrentHashMap<Object, Failure> known = new ConcurrentHashMap<>();

  Failures(long millis) {
    this.millis = millis;
  }

  private record Failure(CompileException error, long since) {}

  /** The error that is remembered for {@code key}, made for this caller; or null. */
  @Nullable RuntimeException of(Object key, Flight<?> flight) {
    Failure failure = known.get(key);
    if (failure == null) {
      return null;
    }
    if (isRecent(failure, flight.millis())) {
      return flight.remembered(failure.error());
    }
    known.remove(key);
    return null;
  }

  /** A clock that was set back ends it too. */
  private boolean isRecent(Failure failure, long now) {
    return now >= failure.since() && now - failure.since() < millis;
  }

  void remember(Object key, CompileException error, long now) {
    if (millis <= 0) {
      return;
    }
    known.values().removeIf(failure -> !isRecent(failure, now));
    if (known.size() >= LIMIT) {
      known.clear();
    }
    known.put(key, new Failure(error, now));
  }
}
