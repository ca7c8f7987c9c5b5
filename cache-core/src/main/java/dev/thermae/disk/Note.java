package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What one process tells the index's owner of an entry. A change says nothing more: the owner looks
 * at the files. Immutable. In a journal, big-endian:
 *
 * <pre>
 * note  = crc hits name time
 * crc   = u32          ; CRC-32 of what follows
 * hits  = u32          ; 0 for a change
 * name  = 2u64
 * time  = i64          ; milliseconds
 * </pre>
 *
 * @param name 32 digits
 * @param hits look-ups that found it; 0 when its files changed
 * @param time of the last of them
 */
record Note(String name, int hits, long time) {
  static final int LENGTH = 32;

  void encode(byte[] to, int at) {
    ByteBuffer out = ByteBuffer.wrap(to, at, LENGTH);
    out.putInt(0).putInt(hits);
    out.putLong(Long.parseUnsignedLong(name.substring(0, 16), 16));
    out.putLong(Long.parseUnsignedLong(name.substring(16), 16));
    out.putLong(time);
    out.putInt(at, crc(to, at));
  }

  /** Null when the checksum does not match. */
  static @Nullable Note decode(byte[] from, int at) {
    ByteBuffer in = ByteBuffer.wrap(from, at, LENGTH);
    int crc = in.getInt();
    int hits = in.getInt();
    String name = Generation.hex(in.getLong()).concat(Generation.hex(in.getLong()));
    long time = in.getLong();
    return crc == crc(from, at) && hits >= 0 ? new Note(name, hits, time) : null;
  }

  private static int crc(byte[] bytes, int start) {
    CRC32 crc = new CRC32();
    crc.update(bytes, start + Integer.BYTES, LENGTH - Integer.BYTES);
    return (int) crc.getValue();
  }
}
