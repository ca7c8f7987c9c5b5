package dev.thermae.engine;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which build of an engine is running, told by the jar or the folder its classes come from and not
 * by a version string.
 *
 * <p>{@link #surroundings} is cheap and changes whenever the artifact does; {@link #digest} is
 * strong and changes only when names or contents of its entries do, not with their times or order.
 * Both are null where the place is neither a plain jar nor a folder: a nested jar, a run-time
 * image, a zip64 file. Stateless; reads the artifact at each call.
 */
public final class ArtifactIdentity {
  static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final int END_LENGTH = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int MAX_COMMENT = 0xffff;
  private static final int MAX_DIRECTORY = 1 << 28;

  private ArtifactIdentity() {}

  /** Length and checksums of the artifact that {@code type} was loaded from, or null. */
  public static @Nullable String surroundings(Class<?> type) {
    File artifact = artifact(type);
    return artifact == null ? null : surroundings(artifact);
  }

  /** SHA-256 over names and contents of the artifact that {@code type} was loaded from, or null. */
  public static @Nullable String digest(Class<?> type) {
    File artifact = artifact(type);
    return artifact == null ? null : ArtifactDigest.of(artifact);
  }

  static @Nullable String surroundings(File artifact) {
    try {
      if (artifact.isDirectory()) {
        return ArtifactDigest.surroundings(artifact);
      }
      byte[] directory = centralDirectory(artifact);
      if (directory == null) {
        return null;
      }
      CRC32 crc32 = new CRC32();
      CRC32C crc32c = new CRC32C();
      crc32.update(directory, 0, directory.length);
      crc32c.update(directory, 0, directory.length);
      return describe("jar ", artifact.length(), crc32, crc32c);
    } catch (IOException e) {
      return null;
    }
  }

  static String describe(String kind, long length, CRC32 first, CRC32C second) {
    return kind + length + ' ' + Long.toHexString(first.getValue() << 32 | second.getValue());
  }

  private static @Nullable File artifact(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL url = source == null ? null : source.getLocation();
    if (url == null || !url.getProtocol().equals("file") || !url.getHost().isEmpty()) {
      return null;
    }
    String path = url.getPath();
    try {
      File file = path.indexOf('%') < 0 ? new File(path) : new File(URI.create(url.toString()));
      return file.exists() ? file : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The bytes between the last entry and the end record; null where there is no plain jar. */
  static byte @Nullable [] centralDirectory(File jar) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(jar, "r")) {
      long length = file.length();
      byte[] end = new byte[END_LENGTH];
      int at = readEnd(file, length, end) ? 0 : -1;
      if (at < 0) {
        end = new byte[(int) Math.min(length, END_LENGTH + MAX_COMMENT)];
        at = readEnd(file, length, end) ? lastEnd(end) : -1;
      }
      if (at < 0) {
        return null;
      }
      long size = int32(end, at + 12) & 0xffffffffL;
      long start = length - end.length + at - size;
      if (int16(end, at + 10) == 0xffff || size > MAX_DIRECTORY || start < 0) {
        return null;
      }
      byte[] directory = new byte[(int) size];
      file.seek(start);
      file.readFully(directory);
      return directory;
    }
  }

  /** Fills {@code end} from the end of the file; false when it does not start an end record. */
  private static boolean readEnd(RandomAccessFile file, long length, byte[] end)
      throws IOException {
    if (length < end.length || end.length < END_LENGTH) {
      return false;
    }
    file.seek(length - end.length);
    file.readFully(end);
    return end.length > END_LENGTH || isEnd(end, 0);
  }

  private static int lastEnd(byte[] tail) {
    int at = tail.length - END_LENGTH;
    while (at >= 0 && !isEnd(tail, at)) {
      at--;
    }
    return at;
  }

  private static boolean isEnd(byte[] bytes, int at) {
    return int32(bytes, at) == END_SIGNATURE
        && int16(bytes, at + 20) == bytes.length - at - END_LENGTH;
  }

  static int int16(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  static int int32(byte[] bytes, int at) {
    return int16(bytes, at) | int16(bytes, at + 2) << 16;
  }
}
