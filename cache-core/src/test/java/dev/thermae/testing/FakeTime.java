package dev.thermae.testing;

import dev.thermae.event.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's clocks, moved by the test: files carry the machine's time, so a clock that stands
 * still would put them into the future. It starts a second ahead of it, so that a step of the
 * machine's clock does not.
 */
public final class FakeTime extends TimeSource {
  private final AtomicLong shift = new AtomicLong(1_000);

  @Override
  public long millis() {
    return super.millis() + shift.get();
  }

  @Override
  public long nanos() {
    return super.nanos() + TimeUnit.MILLISECONDS.toNanos(shift.get());
  }

  /** Moves both clocks; back when negative. */
  public void advance(long amount, TimeUnit unit) {
    shift.addAndGet(unit.toMillis(amount));
  }
}
