package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Rests for as long as was worked, a tenth of a second at most. Used by one thread. */
final class RestingPause implements FolderWalk.Pause {
  private static final long LONGEST_NANOS = 100_000_000;

  private final TimeSource time;
  private final BooleanSupplier ended;
  private long since;

  RestingPause(TimeSource time, BooleanSupplier ended) {
    this.time = time;
    this.ended = ended;
    this.since = time.nanos();
  }

  @Override
  public boolean rest() {
    LockSupport.parkNanos(Math.min(time.nanos() - since, LONGEST_NANOS));
    since = time.nanos();
    return !ended.getAsBoolean();
  }
}
