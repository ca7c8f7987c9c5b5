package dev.thermae.disk;

import java.io.File;
import java.io.IOException;

/**
 * What a mark says besides that it is there: a byte, 1 when the time of the compile is not known,
 * else 2 and the bits that the time takes as a number of microseconds. A hint like the mark itself.
 */
final class DiskMarks {
  private static final int UNKNOWN = 1;
  private static final long MAXIMUM = 1 << 20;

  private DiskMarks() {}

  static byte mark(long compileNanos) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, compileNanos) / 1_000);
    return (byte) (compileNanos <= 0 ? UNKNOWN : UNKNOWN + 1 + bits);
  }

  /** Between once and twice the time that the last mark was given, up to a microsecond; else 0. */
  static long compileNanos(File marks) throws IOException {
    byte[] all = DiskStore.read(marks, MAXIMUM);
    int bits = all == null || all.length == 0 ? -1 : all[all.length - 1] - UNKNOWN - 1;
    return bits < 0 || bits > 40 ? 0 : 1_000L << bits;
  }
}
