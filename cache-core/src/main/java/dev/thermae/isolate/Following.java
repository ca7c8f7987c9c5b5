package dev.thermae.isolate;

import dev.thermae.engine.CompileException;

/** What a thread does that finds another one's flight under way; a first hit does not load it. */
final class Following {
  private Following() {}

  /**
   * The unit of {@code other}, waited for unless this thread leads a flight itself, or that of
   * {@code own} when there is none.
   */
  static <U> U share(Flight<U> other, Flight<U> own, boolean leading) {
    U shared = other.unit();
    if (shared == null && !leading) {
      await(other);
      shared = other.unit();
      RuntimeException error = other.error();
      if (error != null) {
        throw shared(error, own);
      }
    }
    return shared == null ? own.load() : shared;
  }

  /** The leader's error, made for a follower. */
  private static RuntimeException shared(RuntimeException error, Flight<?> flight) {
    return error instanceof CompileException ? flight.remembered((CompileException) error) : error;
  }

  /** Waits until the flight has ended; an interruption is kept for later. */
  private static void await(Flight<?> flight) {
    boolean interrupted = false;
    synchronized (flight) {
      while (!flight.isDone()) {
        try {
          flight.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
