package dev.thermae.engine;

import dev.thermae.code.Generation;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the names and contents of a jar or a folder, contents of a jar told by the checksums
 * and sizes in its central directory. Stateless.
 */
final class ArtifactDigest {
  private static final int ENTRY_LENGTH = 46;
  private static final int ENTRY_SIGNATURE = 0x02014b50;

  private ArtifactDigest() {}

  /** The digest, or null where {@code artifact} is neither a folder nor a plain jar. */
  static @Nullable String of(File artifact) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (artifact.isDirectory()) {
        digestFolder(artifact, "", digest);
      } else {
        byte[] directory = ArtifactIdentity.centralDirectory(artifact);
        if (directory == null || !digestEntries(directory, digest)) {
          return null;
        }
      }
      return "sha256:" + HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      return null;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Digests name, checksum and size of every entry, in the order of the names. */
  private static boolean digestEntries(byte[] directory, MessageDigest digest) {
    String[] entries = new String[64];
    int count = 0;
    int at = 0;
    while (at < directory.length) {
      if (directory.length - at < ENTRY_LENGTH
          || ArtifactIdentity.int32(directory, at) != ENTRY_SIGNATURE) {
        return false;
      }
      int nameLength = ArtifactIdentity.int16(directory, at + 28);
      int next =
          at
              + ENTRY_LENGTH
              + nameLength
              + ArtifactIdentity.int16(directory, at + 30)
              + ArtifactIdentity.int16(directory, at + 32);
      if (next > directory.length) {
        return false;
      }
      StringBuilder entry = new StringBuilder(nameLength + 20);
      entry
          .append(new String(directory, at + ENTRY_LENGTH, nameLength, ArtifactIdentity.UTF_8))
          .append('\0');
      entry.append(
          Generation.hex(
              (long) ArtifactIdentity.int32(directory, at + 16) << 32
                  | ArtifactIdentity.int32(directory, at + 24) & 0xffffffffL));
      entries = count < entries.length ? entries : Arrays.copyOf(entries, count * 2);
      entries[count++] = entry.append('\n').toString();
      at = next;
    }
    Arrays.sort(entries, 0, count);
    for (int i = 0; i < count; i++) {
      digest.update(entries[i].getBytes(ArtifactIdentity.UTF_8));
    }
    return true;
  }

  private static void digestFolder(File folder, String prefix, MessageDigest digest)
      throws IOException {
    for (String name : names(folder)) {
      File file = new File(folder, name);
      if (file.isDirectory()) {
        digestFolder(file, prefix + name + '/', digest);
      } else {
        byte[] content = content(file);
        digest.update(
            (prefix + name + '\0' + content.length + '\n').getBytes(ArtifactIdentity.UTF_8));
        digest.update(content);
      }
    }
  }

  /** Length and checksums over names and contents of a folder. */
  static String surroundings(File folder) throws IOException {
    CRC32 first = new CRC32();
    CRC32C second = new CRC32C();
    long length = checkFolder(folder, "", first, second);
    return ArtifactIdentity.describe("folder ", length, first, second);
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
        byte[] title = (prefix + name + '\0').getBytes(ArtifactIdentity.UTF_8);
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

  private static String[] names(File folder) throws IOException {
    String[] names = folder.list();
    if (names == null) {
      throw new IOException("not readable: " + folder);
    }
    Arrays.sort(names);
    return names;
  }

  private static byte[] content(File file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] content = new byte[(int) Math.min(in.length(), Integer.MAX_VALUE - 8)];
      in.readFully(content);
      return content;
    }
  }
}
