package dev.thermae.engine.v8;

import dev.thermae.engine.RestoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * What is stored: a CRC-32 over what follows, big-endian; a byte that is 1 where the source is
 * ASCII, else 0; V8's code cache. V8 trusts its payload and crashes where that is damaged, so
 * nothing unverified may reach it even where a seal was made over memory that had gone bad.
 */
final class CheckedCode {
  static final int FORMAT = 2;
  private static final int FACTS = Integer.BYTES;
  private static final int PREFIX = FACTS + 1;

  private CheckedCode() {}

  static byte[] wrap(byte[] code, boolean ascii) {
    byte[] bytes =
        ByteBuffer.allocate(PREFIX + code.length)
            .putInt(0)
            .put((byte) (ascii ? 1 : 0))
            .put(code)
            .array();
    ByteBuffer.wrap(bytes).putInt(checksum(bytes, FACTS, bytes.length - FACTS));
    return bytes;
  }

  /** Bytes that nothing has happened to. */
  static void verify(byte[] bytes, int offset, int length) throws RestoreException {
    if (length < PREFIX
        || ByteBuffer.wrap(bytes).getInt(offset)
            != checksum(bytes, offset + FACTS, length - FACTS)) {
      throw new RestoreException("V8 code with a wrong checksum");
    }
  }

  /** Whether the source of verified bytes is ASCII. */
  static boolean isAscii(byte[] bytes, int offset) {
    return bytes[offset + FACTS] == 1;
  }

  /** The code alone, of verified bytes. */
  static byte[] code(byte[] bytes, int offset, int length) {
    return Arrays.copyOfRange(bytes, offset + PREFIX, offset + length);
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
