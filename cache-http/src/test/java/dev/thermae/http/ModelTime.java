package dev.thermae.http;

import dev.thermae.event.TimeSource;

/** A wall clock that jumps both ways, and a time for durations that only moves on, if at all. */
final class ModelTime extends TimeSource {
  private final boolean durationsPass;
  private volatile long millis;
  private volatile long nanos = 1;

  ModelTime(long start, boolean durationsPass) {
    this.millis = start;
    this.durationsPass = durationsPass;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  synchronized void move(long seconds) {
    millis += seconds * 1000;
    nanos += durationsPass ? Math.max(0, seconds) * 1_000_000_000 : 0;
  }
}
