package dev.thermae.samples;

import dev.thermae.event.TimeSource;

/** The machine's clocks, put forward at will, so that nobody waits for a response to grow stale. */
final class VirtualTime extends TimeSource {
  private volatile long ahead;

  /** A clock that is {@code millis} ahead of the machine's. */
  VirtualTime(long millis) {
    ahead = millis;
  }

  /** Puts the clock forward. */
  synchronized void pass(long millis) {
    ahead = ahead + millis;
  }

  /** Milliseconds the clock is ahead of the machine's. */
  long ahead() {
    return ahead;
  }

  @Override
  public long millis() {
    return System.currentTimeMillis() + ahead;
  }

  @Override
  public long nanos() {
    return System.nanoTime() + ahead * 1_000_000;
  }
}
