package dev.thermae.http.proxy;

/**
 * One direction of an exchange: what went over, and how long the client was waited for. Times are
 * nanoseconds of one clock that only goes forward. Thread-safe.
 */
final class Transfer {
  private long bytes;
  private long waited;
  private long since;
  private boolean waiting;

  /** The client is waited for from now on. */
  synchronized void waits(long now) {
    if (!waiting) {
      waiting = true;
      since = now;
    }
  }

  /** It is not any more. */
  synchronized void goesOn(long now) {
    if (waiting) {
      waiting = false;
      waited += now - since;
    }
  }

  /** So many bytes more came, or are to be taken. */
  synchronized void add(long count) {
    bytes += count;
  }

  /** Whether the client took longer than {@code grace} and its bytes at the rate allow. */
  synchronized boolean isOverdue(long now, long bytesPerSecond, long grace) {
    long time = waited + (waiting ? now - since : 0);
    return waiting && time - grace > bytes * 1e9 / bytesPerSecond;
  }
}
