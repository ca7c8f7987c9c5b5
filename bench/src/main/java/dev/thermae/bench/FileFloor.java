package dev.thermae.bench;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * What no reader of files can do without: open, read, CRC-32 and CRC-32C over the bytes. It reads
 * at once, as programs do; from some 100 KB on ours is quicker at that.
 */
final class FileFloor {
  private FileFloor() {}

  /** The bytes of a file. */
  static byte[] read(File file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] bytes = new byte[(int) in.length()];
      in.readFully(bytes);
      return bytes;
    }
  }

  /** Both checksums. */
  static long check(byte[] bytes) {
    CRC32 first = new CRC32();
    first.update(bytes, 0, bytes.length);
    CRC32C second = new CRC32C();
    second.update(bytes, 0, bytes.length);
    return first.getValue() << 32 | second.getValue();
  }
}
