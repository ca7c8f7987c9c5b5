package dev.thermae.http.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Figures as people read them. Pure. */
public final class Words {
  private Words() {}

  /** Such as {@code 1,024 bytes}. */
  public static String bytes(long count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }

  /** Such as {@code 1.5 ms}. */
  public static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  /** Nanoseconds as milliseconds, to the microsecond. */
  public static double millis(long nanos) {
    return Math.round(nanos / 1000.0) / 1000.0;
  }

  /** To the second, in UTC. */
  public static String time(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Whole seconds, and what they are in hours or days where they are many. */
  public static String seconds(long seconds) {
    if (Math.abs(seconds) >= 2 * 86_400) {
      return seconds + " s (" + seconds / 86_400 + " days)";
    }
    return Math.abs(seconds) >= 2 * 3_600
        ? seconds + " s (" + seconds / 3_600 + " hours)"
        : seconds + " s";
  }

  /** One thing, several things. */
  public static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }
}
