package dev.thermae.disk;

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

  /** Somewhat more than an entry takes. */
  private static final long BYTES_PER_ENTRY = 112;

  private final File folder;
  private final Room room;
  private long number;

  IndexFiles(File root, Room room) throws IOException {
    this.folder = new File(root, "index");
    this.room = room;
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
    room.delete(sealFile());
    if (holds) {
      return file;
    }
    discard();
    return null;
  }

  /**
   * A new index under a number that was never used, which is not there before it is whole.
   *
   * @throws dev.thermae.store.NoRoomException when the folder's bounds leave no room for it
   */
  ChronicleIndex create(long capacity) throws IOException {
    number++;
    File temporary = new File(folder, number + ".cm.t");
    File dense = new File(folder, number + ".t");
    long expected = room.blocks().of(capacity * BYTES_PER_ENTRY);
    room.reserve(expected, 0, Room.LONG_WAIT_MILLIS);
    long taken = 0;
    try {
      ChronicleIndex created = ChronicleIndex.create(temporary, dense, file(), capacity);
      taken = room.blocks().of(file().length());
      return created;
    } finally {
      room.ledger().release(expected, 0);
      room.ledger().charge(taken);
    }
  }

  /** Seals the index after it was closed. */
  void seal() throws IOException {
    room.publish(sealFile(), sealOf(file()), 0, Room.LONG_WAIT_MILLIS);
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

  /** Whether an index is in use, or was sealed: somebody will want to know what changes. */
  static boolean isThere(File root) {
    String[] names = new File(root, "index").list();
    return names != null && names.length > 0;
  }

  /** Takes everything away, as nobody has it open. */
  void discard() throws IOException {
    for (File file : FolderWalk.list(folder)) {
      room.delete(file);
    }
  }
}
