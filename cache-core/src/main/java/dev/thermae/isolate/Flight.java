package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import org.jspecify.annotations.Nullable;

/**
 * One load of one key: whoever leads it finishes it, whoever follows waits. A cell of its own
 * rather than a future of the JDK, whose first use costs a fresh process milliseconds. Thread-safe.
 *
 * @param <U> what is loaded
 */
final class Flight<U> {
  private @Nullable U unit;
  private @Nullable CompileException error;
  private boolean done;

  synchronized void finish(@Nullable U loaded, @Nullable CompileException fault) {
    unit = loaded;
    error = fault;
    done = true;
    notifyAll();
  }

  /** Waits until the flight has ended; an interruption is kept for later. */
  synchronized void await() {
    boolean interrupted = false;
    while (!done) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was loaded; null while it flies, or when the leader failed. */
  synchronized @Nullable U unit() {
    return unit;
  }

  /** The user's own error; null while it flies, or when there was none. */
  synchronized @Nullable CompileException error() {
    return error;
  }
}
