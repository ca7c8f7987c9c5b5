package dev.thermae.disk;

import dev.thermae.code.Coding;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Packs bodies that are in a folder already: those that have lain there for long, where space is
 * short and the next reader may wait for some milliseconds. The packed file is published before the
 * plain one goes, so that a reader finds one of them at any time. Thread-safe.
 */
public final class BodyPacking {
  private final DiskStore store;
  private final Coding coding;
  private final long minimumBytes;
  private final long storedBefore;
  private long saved;

  private BodyPacking(DiskStore store, Coding coding, long minimumBytes, long storedBefore) {
    this.store = store;
    this.coding = coding;
    this.minimumBytes = minimumBytes;
    this.storedBefore = storedBefore;
  }

  /**
   * Packs every body of at least {@code minimumBytes} that was stored before {@code storedBefore}.
   *
   * @param storedBefore milliseconds
   * @return bytes that the folder's files are shorter
   * @throws IOException when the disk refuses; what was packed until then stays packed
   */
  public static long pack(DiskStore store, Coding coding, long minimumBytes, long storedBefore)
      throws IOException {
    BodyPacking packing = new BodyPacking(store, coding, minimumBytes, storedBefore);
    for (File outer : list(new File(store.root(), "entries"))) {
      for (File inner : list(outer)) {
        for (File file : list(inner)) {
          if (file.getName().contains(".h")) {
            packing.packBody(file);
          }
        }
      }
    }
    return packing.saved;
  }

  private static File[] list(File folder) {
    File[] files = folder.listFiles();
    return files == null ? new File[0] : files;
  }

  private void packBody(File headFile) throws IOException {
    DiskEntry entry = entry(headFile);
    if (entry == null || entry.head().is(EntryHead.TOMBSTONE)) {
      return;
    }
    File plain = entry.name().body(entry.head().generation());
    long length = plain.length();
    if (length < minimumBytes
        || length > PackedBody.MAXIMUM
        || plain.lastModified() >= storedBefore) {
      return;
    }
    byte[] body = entry.body();
    if (body != null) {
      saved += store.writer().packBody(entry, body, coding);
    }
  }

  /** The entry whose head this is; null where it cannot be read. */
  private @Nullable DiskEntry entry(File file) throws IOException {
    byte[] bytes = DiskStore.read(file, DiskStore.MAXIMUM_HEAD);
    if (bytes == null) {
      return null;
    }
    SealedFile sealed = HeadFile.open(bytes, store.seal());
    if (sealed.rejection() != null) {
      return null;
    }
    String key = sealed.text(1);
    return store.open(store.name(key), file, key, bytes);
  }
}
