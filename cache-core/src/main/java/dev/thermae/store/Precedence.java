package dev.thermae.store;

/**
 * Which of two responses for one key stands: pure functions that every store decides by.
 *
 * <p>Writers are ordered by when their requests began. A time that lies further ahead than clocks
 * differ was written by a clock that was wrong, and yields to everything.
 */
public final class Precedence {
  private static final long CLOCK_SKEW_MILLIS = 60_000;

  private Precedence() {}

  /** Whether what is stored stands against {@code head}. */
  public static boolean stands(EntryHead stored, EntryHead head, long now) {
    if (stored.requestTime() > now + CLOCK_SKEW_MILLIS) {
      return false;
    }
    return stored.requestTime() > head.requestTime()
        || (stored.requestTime() == head.requestTime()
            && stored.responseTime() > head.responseTime());
  }

  /** Whether an invalidation at {@code notBefore} keeps out a request that began earlier. */
  public static boolean keepsOut(long notBefore, long requestTime, long now) {
    return requestTime < notBefore && notBefore <= now + CLOCK_SKEW_MILLIS;
  }

  /** Whether a response began after an invalidation, by a clock that was right. */
  public static boolean outlives(EntryHead stored, long notBefore, long now) {
    return stored.requestTime() >= notBefore && stored.requestTime() <= now + CLOCK_SKEW_MILLIS;
  }

  /** The later of two invalidations; one that a wrong clock dated ahead yields. */
  public static long laterInvalidation(long known, long notBefore, long now) {
    return known > now + CLOCK_SKEW_MILLIS ? notBefore : Math.max(known, notBefore);
  }

  /** Same fields, other values: a second variant. Other fields: the resource varies anew. */
  public static boolean varyAlike(String one, String other) {
    return !one.isEmpty() && fields(one).equals(fields(other));
  }

  private static String fields(String selecting) {
    StringBuilder names = new StringBuilder();
    for (String line : selecting.split("\n", -1)) {
      int colon = line.indexOf(':');
      names.append(colon < 0 ? line : line.substring(0, colon)).append('\n');
    }
    return names.toString();
  }
}
