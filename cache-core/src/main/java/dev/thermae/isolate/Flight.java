package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import org.jspecify.annotations.Nullable;

/**
 * One load of one key: whoever leads it loads and finishes it, whoever follows waits. A cell of its
 * own rather than a future of the JDK, whose first use costs a fresh process milliseconds.
 * Thread-safe, but for {@link #load}, which the leader alone calls.
 *
 * @param <U> what is loaded
 */
public abstract class Flight<U> {
  private @Nullable U unit;
  private @Nullable RuntimeException error;
  private boolean done;

  /**
   * Makes the unit, on the leader's thread.
   *
   * @throws CompileException when the source is at fault
   */
  protected abstract U load();

  /** Whether others may use the unit; else it is the leader's alone. */
  protected boolean shares(U loaded) {
    return true;
  }

  /** The error for one more caller, when the same source was at fault a moment ago. */
  protected abstract RuntimeException remembered(CompileException fault);

  /** The time in milliseconds. */
  protected abstract long millis();

  synchronized void finish(@Nullable U loaded, @Nullable RuntimeException fault) {
    if (!done) {
      unit = loaded;
      error = fault;
      done = true;
      notifyAll();
    }
  }

  /** Whether it has ended; guarded by this flight, which is notified. */
  final boolean isDone() {
    return done;
  }

  /** What was loaded; null while it flies, or when the leader failed. */
  final synchronized @Nullable U unit() {
    return unit;
  }

  /** The user's own error; null while it flies, or when there was none. */
  final synchronized @Nullable RuntimeException error() {
    return error;
  }
}
