package dev.thermae.policy;

import java.time.Duration;

/**
 * How long a load waits for another process that compiles the same: a pure function from what is
 * known of the compile to a time. Immutable.
 *
 * <p>Only loads that will attach code wait, and only for others of their kind: the first load of a
 * resource under {@link CachePolicy#chrome} leaves no code, so nobody gains by waiting for it.
 */
public final class Patience {
  private static final long MILLI = 1_000_000;
  private static final long BASE = 500 * MILLI;
  private static final long NANOS_PER_BYTE = 4_000;
  private static final long LONGEST = 60_000 * MILLI;
  private static final int FACTOR = 3;
  private static final Patience EXPECTED = new Patience(-1);

  private final long limit;

  private Patience(long limit) {
    this.limit = limit;
  }

  /**
   * As long as the compile is expected to take: half a second and three times what it took when it
   * was last done, else 4 µs for each byte of the source; at most a minute.
   */
  public static Patience asExpected() {
    return EXPECTED;
  }

  /** Until the other process is done or dead, however long that takes. */
  public static Patience unlimited() {
    return new Patience(Long.MAX_VALUE);
  }

  /** Not at all: whoever comes second compiles too. */
  public static Patience none() {
    return new Patience(0);
  }

  /** At most {@code time}, which is not negative. */
  public static Patience atMost(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("nobody waits for a negative time: " + time);
    }
    boolean fits = time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0;
    return new Patience(fits ? time.toNanos() : Long.MAX_VALUE);
  }

  /**
   * Nanoseconds that a load may wait; {@link Long#MAX_VALUE} for no bound.
   *
   * @param plan what the load is about to do
   * @param leading whether others may be waiting for this thread, which must not wait then
   * @param recorded nanoseconds the compile took last time, 0 when that is not known
   * @param length bytes of the source
   */
  public long nanos(Plan plan, boolean leading, long recorded, long length) {
    if (leading || !plan.attaches()) {
      return 0;
    }
    if (limit >= 0) {
      return limit;
    }
    long expected = recorded > 0 ? FACTOR * Math.min(recorded, LONGEST) : NANOS_PER_BYTE * length;
    return Math.min(BASE + expected, LONGEST);
  }
}
