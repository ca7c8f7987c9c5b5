package dev.thermae.disk;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What a folder takes, as its file {@code usage} says: a hint that is summed anew from the files.
 * Immutable. The file, big-endian:
 *
 * <pre>
 * usage = magic bytes entries added-bytes added-entries summed crc
 * magic = 8OCTET     ; THMUSE 0 1
 * bytes, entries, added-bytes, added-entries, summed, crc = i64
 * </pre>
 *
 * @param bytes allocated and reserved
 * @param entries resources
 * @param addedBytes all that was ever added to {@code bytes}
 * @param addedEntries all that was ever added to {@code entries}
 * @param summed when the files were summed last, in milliseconds; 0 for never
 */
record InUse(long bytes, long entries, long addedBytes, long addedEntries, long summed) {
  static final int LENGTH = 56;
  private static final long MAGIC = 0x54484D5553450001L;

  /** The same after a change, which may be negative. */
  InUse plus(long moreBytes, long moreEntries) {
    return new InUse(
        Math.max(0, bytes + moreBytes),
        Math.max(0, entries + moreEntries),
        addedBytes + Math.max(0, moreBytes),
        addedEntries + Math.max(0, moreEntries),
        summed);
  }

  /**
   * What was summed since {@code before}, and what was added meanwhile: that may be counted twice,
   * and is never left out.
   */
  InUse summed(InUse before, long sumBytes, long sumEntries, long now) {
    return new InUse(
        sumBytes + Math.max(0, addedBytes - before.addedBytes),
        sumEntries + Math.max(0, addedEntries - before.addedEntries),
        addedBytes,
        addedEntries,
        now);
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH);
    out.putLong(MAGIC).putLong(bytes).putLong(entries).putLong(addedBytes).putLong(addedEntries);
    out.putLong(summed).putLong(crc(out.array()));
    return out.array();
  }

  /** Null for anything that was not written by {@link #encode}. */
  static @Nullable InUse decode(byte @Nullable [] file) {
    if (file == null || file.length != LENGTH) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    if (in.getLong(0) != MAGIC || in.getLong(LENGTH - Long.BYTES) != crc(file)) {
      return null;
    }
    return new InUse(in.getLong(8), in.getLong(16), in.getLong(24), in.getLong(32), in.getLong(40));
  }

  private static long crc(byte[] file) {
    CRC32 crc = new CRC32();
    crc.update(file, 0, LENGTH - Long.BYTES);
    return crc.getValue();
  }
}
