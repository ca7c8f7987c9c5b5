package dev.thermae.engine;

import dev.thermae.code.Hex;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
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
      StringBuilder text = new StringBuilder(64);
      CRC32 crc32 = new CRC32();
      CRC32C crc32c = new CRC32C();
      if (artifact.isDirectory()) {
        text.append("folder ").append(checkFolder(artifact, "", crc32, crc32c));
      } else {
        byte[] directory = centralDirectory(artifact);
        if (directory == null) {
          return null;
        }
        crc32.update(directory, 0, directory.length);
        crc32c.update(directory, 0, directory.length);
        text.append("jar ").append(artifact.length());
      }
      text.append(' ');
      Hex.append(text, crc32.getValue() << 32 | crc32c.getValue());
      return text.toString();
    } catch (IOException e) {
      return null;
    }
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

  /** Adds names and contents below {@code folder}, in the order of the names. */
  private static long checkFolder(File folder, String prefix, Checksum first, Checksum second)
      throws IOException {
    long length = 0;
    for (String name : names(folder)) {
      File file = new File(folder, name);
      if (file.isDirectory()) {
        length += checkFolder(file, prefix + name + '/', first, second);
      } else {
        byte[] title = (prefix + name + '\0').getBytes(UTF_8);
        byte[] content = content(file);
        first.update(title, 0, title.length);
        first.update(content, 0, content.length);
        second.update(title, 0, title.length);
        second.update(content, 0, content.length);
        length += content.length;
      }
    }
    return length;
  }

  static String[] names(File folder) throws IOException {
    String[] names = folder.list();
    if (names == null) {
      throw new IOException("not readable: " + folder);
    }
    Arrays.sort(names);
    return names;
  }

  static byte[] content(File file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] content = new byte[(int) Math.min(in.length(), Integer.MAX_VALUE - 8)];
      in.readFully(content);
      return content;
    }
  }

  static int int16(byte[] bytes, int at) {
    return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
  }

  static int int32(byte[] bytes, int at) {
    return int16(bytes, at) | int16(bytes, at + 2) << 16;
  }
}
