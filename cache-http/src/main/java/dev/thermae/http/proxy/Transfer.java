package dev.thermae.http.proxy;

import java.util.function.LongSupplier;

/**
 * One direction of an exchange: what went over, and how long the client was waited for.
 * Thread-safe.
 */
final class Transfer {
  private final LongSupplier clock;
  private long bytes;
  private long waited;
  private long since;
  private boolean begun;
  private boolean waiting;

  /** Times are nanoseconds of {@code clock}, which only goes forward. */
  Transfer(LongSupplier clock) {
    this.clock = clock;
  }

  /** So many bytes are to be taken; 0 where nobody knows yet how many will come. */
  synchronized void begins(long count) {
    bytes += count;
    begun = true;
  }

  /** Who began has not ended at once: the client is waited for, and only now is the time asked. */
  synchronized void waits() {
    if (begun && !waiting) {
      waiting = true;
      since = clock.getAsLong();
    }
  }

  /** The client did its part, and so many bytes came that were not counted yet. */
  synchronized void ends(long count) {
    bytes += count;
    begun = false;
    if (waiting) {
      waiting = false;
      waited += clock.getAsLong() - since;
    }
  }

  /** Whether the client took longer than {@code grace} and its bytes at the rate allow. */
  synchronized boolean isOverdue(long now, long bytesPerSecond, long grace) {
    long time = waited + (waiting ? now - since : 0);
    return waiting && time - grace > bytes * 1e9 / bytesPerSecond;
  }
}
