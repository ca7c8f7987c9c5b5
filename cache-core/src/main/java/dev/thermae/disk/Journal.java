package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process that does not own the index tells the one that does: {@code journal/ID-N}, notes
 * appended to files of a bounded length. A lock at a position of the id's, held for the life of the
 * process, tells whether it lives. Thread-safe.
 */
final class Journal {
  /** Position of the lock of id 0 among those of the folder. */
  private static final long LIVES_FROM = 1L << 40;

  private static final long IDS = 1L << 32;
  private static final long LONGEST = 1 << 20;

  /** Files of all processes that are kept for the next owner of the index. */
  private static final int MOST_KEPT = 64;

  /** Files that an owner has not read yet: more are not begun. */
  private static final int MOST = 4;

  private final DiskStore store;
  private final Counters counters;
  private final TimeSource time;
  private final File folder;
  private final long id = Generation.random().low() & (IDS - 1);
  private @Nullable FileLock life;
  private int number;
  private long length;
  private boolean closed;

  Journal(DiskStore store, TimeSource time) {
    this.store = store;
    this.counters = store.counters();
    this.time = time;
    this.folder = new File(store.root(), "journal");
  }

  static @Nullable FileLock tryLife(DiskStore store, TimeSource time, long id) throws IOException {
    return FileLocks.of(new File(store.root(), "locks"), time).tryLock(LIVES_FROM + id);
  }

  /** Whether processes may have it. */
  static boolean isId(long id) {
    return id >= 0 && id < IDS;
  }

  /** Appends, where there is an index that somebody may want to keep; else nothing is lost. */
  synchronized void append(List<Note> notes) {
    if (notes.isEmpty() || isGuarded(folder)) {
      return;
    }
    try {
      if (!isWanted()) {
        return;
      }
      if (life == null) {
        life = tryLife(store, time, id);
        Publisher.folder(folder);
      }
      File file = file();
      if (life == null || file == null) {
        counters.onDropped("journal");
        return;
      }
      byte[] bytes = new byte[notes.size() * Note.LENGTH];
      for (int i = 0; i < notes.size(); i++) {
        notes.get(i).encode(bytes, i * Note.LENGTH);
      }
      long before = store.room().blocks().of(length);
      try (FileOutputStream to = new FileOutputStream(file, true)) {
        to.write(bytes);
      }
      length += bytes.length;
      store.room().ledger().charge(store.room().blocks().of(length) - before);
    } catch (IOException e) {
      counters.onFault("journal", e);
    }
    if (closed) {
      close(); // what is told that late is read as well
    }
  }

  /** Whether an index is owned, or kept by a seal and worth what is to be read for it. */
  private boolean isWanted() throws IOException {
    boolean isKept = IndexFiles.isThere(store.root());
    boolean isWorthIt = isKept && (life != null || DiskInspection.names(folder).size() < MOST_KEPT);
    return isWorthIt
        || IndexOwner.isOwned(new File(store.root(), "locks"), time)
        || (isKept && !forget());
  }

  /** First the index: it is not believed without what was told since. False when it is owned. */
  private boolean forget() throws IOException {
    FileLock owned = IndexOwner.tryOwnership(store, time);
    if (owned == null) {
      return false;
    }
    try {
      new IndexFiles(store.root(), store.room()).discard();
      for (String name : DiskInspection.names(folder)) {
        store.room().delete(new File(folder, name));
      }
      return true;
    } finally {
      owned.release();
    }
  }

  /** What others may swap is neither written nor read: the owner of the index does without. */
  static boolean isGuarded(File folder) {
    return CacheFolder.guards && GuardedFiles.holds(folder);
  }

  /** Where to append; null when the owner is behind, or there is none. */
  private @Nullable File file() {
    if (length >= LONGEST) {
      String[] unread = folder.list((where, name) -> name.startsWith(id + "-"));
      if (unread != null && unread.length >= MOST) {
        return null;
      }
      number++;
      length = 0;
    }
    return new File(folder, id + "-" + number);
  }

  /** Whether a file is one that this process writes. */
  boolean isOwn(String name) {
    return name.startsWith(id + "-");
  }

  synchronized void close() {
    closed = true;
    try {
      if (life != null) {
        life.release();
        life = null;
      }
    } catch (IOException e) {
      counters.onFault("journal", e);
    }
  }
}
