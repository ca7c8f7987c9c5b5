package dev.thermae.samples;

import java.util.Collection;
import java.util.function.ToLongFunction;

/** Median and range of measurements, in nanoseconds. */
record Spread(long median, long least, long most) {
  static <T> Spread of(Collection<T> measured, ToLongFunction<T> figure) {
    long[] sorted = measured.stream().mapToLong(figure).sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }

  /** Median, least and most in milliseconds. */
  String text() {
    return Table.millis(median) + " (" + Table.whole(least) + " to " + Table.whole(most) + ")";
  }
}
