package dev.thermae.http.resource;

import dev.thermae.event.TimeSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when it is told to. */
public final class FakeTime extends TimeSource {
  /** Sun, 06 Nov 1994 08:49:37 GMT. */
  public static final long START = 784_111_777_000L;

  private final AtomicLong now;

  public FakeTime() {
    this(START);
  }

  public FakeTime(long start) {
    now = new AtomicLong(start);
  }

  @Override
  public long millis() {
    return now.get();
  }

  @Override
  public long nanos() {
    return now.get() * 1_000_000;
  }

  public void advanceSeconds(long seconds) {
    now.addAndGet(seconds * 1000);
  }

  public void advance(long millis) {
    now.addAndGet(millis);
  }

  /** An HTTP date so many seconds from now. */
  String date(long secondsFromNow) {
    return HttpDates.format(now.get() + secondsFromNow * 1000);
  }
}
