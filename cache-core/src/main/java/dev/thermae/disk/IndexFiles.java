package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The numbered files of an index and their seals. A seal is 24 bytes: length, CRC-32 and CRC-32C of
 * the whole index file, big-endian. Used by the owner alone.
 */
final class IndexFiles {
  private static final int SEAL = 24;

  private final File folder;
  private long number;

  IndexFiles(File folder) throws IOException {
    this.folder = folder;
    Publisher.folder(folder);
    Publisher.requireOwn(folder);
  }

  /** The newest index whose seal holds, its seal taken away; null where there is none. */
  @Nullable File takeSealed() throws IOException {
    String[] names = folder.list();
    for (int i = 0; names != null && i < names.length; i++) {
      int dot = names[i].indexOf('.');
      if (dot > 0 && names[i].chars().limit(dot).allMatch(c -> c >= '0' && c <= '9')) {
        number = Math.max(number, Long.parseLong(names[i].substring(0, Math.min(dot, 18))));
      }
    }
    File file = file();
    byte[] seal = DiskStore.read(sealFile(), SEAL);
    boolean holds = seal != null && file.exists() && Arrays.equals(seal, sealOf(file));
    Publisher.delete(sealFile());
    if (holds) {
      return file;
    }
    for (int i = 0; names != null && i < names.length; i++) {
      Publisher.delete(new File(folder, names[i]));
    }
    return null;
  }

  /** A file under a number that was never used. */
  File next() {
    number++;
    return file();
  }

  /** Seals the index after it was closed. */
  void seal() throws IOException {
    Publisher.publish(folder, sealFile(), sealOf(file()));
  }

  private File file() {
    return new File(folder, number + ".cm");
  }

  private File sealFile() {
    return new File(folder, number + ".seal");
  }

  private static byte[] sealOf(File file) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      return sealOf(in);
    }
  }

  /** The seal of an index of these bytes. */
  static byte[] sealOf(InputStream in) throws IOException {
    CRC32 crc = new CRC32();
    CRC32C crcc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    long length = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      crc.update(buffer, 0, read);
      crcc.update(buffer, 0, read);
      length += read;
    }
    return ByteBuffer.allocate(SEAL)
        .putLong(length)
        .putLong(crc.getValue())
        .putLong(crcc.getValue())
        .array();
  }

  /** Tells {@code index} of every entry whose first head can be read. */
  static void fill(Index index, File entries, Seal seal, Counters counters) {
    for (File outer : list(entries)) {
      for (File inner : list(outer)) {
        for (File file : list(inner)) {
          if (file.getName().endsWith(".h")) {
            tell(index, file, seal, counters);
          }
        }
      }
    }
  }

  private static void tell(Index index, File file, Seal seal, Counters counters) {
    try {
      byte[] bytes = DiskStore.read(file, DiskStore.MAXIMUM_HEAD);
      EntryHead head = bytes == null ? null : head(bytes, seal);
      if (head != null && !head.is(EntryHead.TOMBSTONE)) {
        String name = file.getName().substring(0, file.getName().length() - 2);
        index.put(name, new IndexRecord(head.bodyLength(), file.lastModified(), 0));
      }
    } catch (IOException e) {
      counters.onFault(file.getPath(), e);
    }
  }

  private static @Nullable EntryHead head(byte[] bytes, Seal seal) {
    SealedFile file =
        SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal);
    return file.rejection() == null ? DiskEntry.head(file, seal) : null;
  }

  private static File[] list(File folder) {
    File[] files = folder.listFiles();
    return files == null ? new File[0] : files;
  }
}
