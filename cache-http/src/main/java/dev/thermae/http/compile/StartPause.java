package dev.thermae.http.compile;

import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.time.Duration;

/**
 * Workers that cannot be started are tried again after a while, which doubles each time, so that a
 * machine without memory is left in peace. Thread-safe.
 */
final class StartPause {
  private static final long FIRST = Duration.ofMillis(100).toNanos();
  private static final int DOUBLED = 9; // to 51 s

  private final TimeSource time;
  private int failures;
  private long since;
  private String why = "";

  StartPause(TimeSource time) {
    this.time = time;
  }

  /** Throws while it is too early for another try. */
  synchronized void check() throws WorkerException {
    if (failures > 0) {
      long pause = FIRST << Math.min(failures - 1, DOUBLED);
      if (time.nanos() - since < pause) {
        throw new WorkerException(Reason.CRASHED, false, "no compile worker starts: " + why);
      }
    }
  }

  synchronized WorkerException failed(String message) {
    failures++;
    since = time.nanos();
    why = message;
    return new WorkerException(Reason.CRASHED, false, "no compile worker starts: " + message);
  }

  synchronized void over() {
    failures = 0;
  }
}
