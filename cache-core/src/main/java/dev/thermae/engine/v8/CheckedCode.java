package dev.thermae.engine.v8;

import dev.thermae.engine.RestoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What is stored: V8's code cache after its CRC-32, big-endian. V8 trusts its payload and crashes
 * where that is damaged, so nothing unverified may reach it even where a seal was made over memory
 * that had gone bad.
 */
final class CheckedCode {
  static final int FORMAT = 1;
  private static final int PREFIX = Integer.BYTES;

  private CheckedCode() {}

  static byte[] wrap(byte[] code) {
    return ByteBuffer.allocate(PREFIX + code.length)
        .putInt(checksum(code, 0, code.length))
        .put(code)
        .array();
  }

  /** The code alone. */
  static byte[] unwrap(byte[] bytes, int offset, int length) throws RestoreException {
    if (length < PREFIX
        || ByteBuffer.wrap(bytes).getInt(offset)
            != checksum(bytes, offset + PREFIX, length - PREFIX)) {
      throw new RestoreException("V8 code with a wrong checksum");
    }
    return Arrays.copyOfRange(bytes, offset + PREFIX, offset + length);
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
