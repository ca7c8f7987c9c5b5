package dev.thermae.http.proxy;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * A body outside the heap, in another coding than it was stored in, or as it was. Immutable.
 *
 * @param bytes read-only, from 0 to its limit; read through slices
 * @param checksum CRC-32 of packed ones, else 0
 */
record HeldBody(BodyCoding coding, ByteBuffer bytes, int checksum) {
  /** A copy of what was packed. */
  static HeldBody packed(BodyCoding coding, byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return new HeldBody(coding, copy(ByteBuffer.wrap(bytes)), (int) crc.getValue());
  }

  /** A copy of a body that nobody packed here. */
  static HeldBody of(BodyCoding coding, ByteBuffer bytes) {
    return new HeldBody(coding, copy(bytes), 0);
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    ByteBuffer held = ByteBuffer.allocateDirect(bytes.remaining());
    return held.put(bytes.slice()).flip().asReadOnlyBuffer();
  }
}
