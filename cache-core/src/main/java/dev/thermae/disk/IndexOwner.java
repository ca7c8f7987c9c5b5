package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens the index in the background, if no other process owns it, and closes it with a seal.
 *
 * <p>{@code index/N.cm} is believed only beside {@code index/N.seal}, which is taken away at open
 * and written at a clean close. Without it the index is thrown away and built anew from the files,
 * under another number. Nobody ever waits for it: until it is open, and where it cannot be opened,
 * what it would be told is lost. Thread-safe.
 */
final class IndexOwner {
  private static final long OWNER_LOCK = 0;
  private static final long CLOSE_WAIT_SECONDS = 5;

  private final File root;
  private final File entries;
  private final Seal seal;
  private final Counters counters;
  private final TimeSource time;
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile @Nullable Index index;
  private volatile boolean closing;
  private volatile boolean broken;
  private @Nullable FileLock ownership;
  private @Nullable IndexFiles files;

  private IndexOwner(File root, File entries, Seal seal, Counters counters, TimeSource time) {
    this.root = root;
    this.entries = entries;
    this.seal = seal;
    this.counters = counters;
    this.time = time;
  }

  static IndexOwner start(File root, File entries, Seal seal, Counters counters, TimeSource time) {
    IndexOwner owner = new IndexOwner(root, entries, seal, counters, time);
    Thread thread = new Thread(null, owner::open, "thermae-index", 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    return owner;
  }

  /** Whether some process owns the index; false where the locks cannot be tried. */
  static boolean isOwned(File locks, TimeSource time) throws IOException {
    if (!locks.canWrite() || !Files.isRegularFile(locks.toPath(), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    FileLock lock = FileLocks.of(locks, time).tryLock(OWNER_LOCK);
    if (lock != null) {
      lock.release();
    }
    return lock == null;
  }

  private void open() {
    try {
      Publisher.folder(root);
      ownership = FileLocks.of(new File(root, "locks"), time).tryLock(OWNER_LOCK);
      if (ownership != null && !closing) {
        index = openOwned();
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      counters.onFault("index", e);
    } finally {
      opened.countDown();
      if (closing) {
        closeIndex();
      }
    }
  }

  private Index openOwned() throws IOException {
    if (seal.kind() == Seal.SIGNED || !ChronicleIndex.isPossible()) {
      System.getLogger("dev.thermae")
          .log(
              System.Logger.Level.INFO,
              "The index is kept on the heap: Chronicle Map needs --add-exports"
                  + " java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED"
                  + " --add-opens java.base/java.lang.reflect=ALL-UNNAMED to keep it off the heap"
                  + " and across restarts.");
      Index heap = new HeapIndex();
      IndexFiles.fill(heap, entries, seal, counters);
      return heap;
    }
    files = new IndexFiles(new File(root, "index"));
    File sealed = files.takeSealed();
    if (sealed != null) {
      return ChronicleIndex.open(sealed);
    }
    File fresh = files.next();
    Index built = ChronicleIndex.open(fresh);
    IndexFiles.fill(built, entries, seal, counters);
    return built;
  }

  void stored(EntryName name, EntryHead head) {
    try {
      Index known = usable();
      if (known != null) {
        known.put(name.text(), new IndexRecord(head.bodyLength(), time.millis(), 0));
      }
    } catch (RuntimeException | LinkageError e) {
      broken(e);
    }
  }

  void used(EntryName name) {
    try {
      Index known = usable();
      IndexRecord old = known == null ? null : known.get(name.text());
      if (known != null && old != null) {
        known.put(name.text(), old.usedAt(time.millis()));
      }
    } catch (RuntimeException | LinkageError e) {
      broken(e);
    }
  }

  void removed(EntryName name) {
    try {
      Index known = usable();
      if (known != null) {
        known.remove(name.text());
      }
    } catch (RuntimeException | LinkageError e) {
      broken(e);
    }
  }

  @Nullable DiskUsage usage() {
    try {
      Index known = usable();
      return known == null ? null : known.usage();
    } catch (RuntimeException | LinkageError e) {
      broken(e);
      return null;
    }
  }

  private @Nullable Index usable() {
    return closing || broken ? null : index;
  }

  /** An index that failed once is left alone, and is not sealed. */
  private void broken(Throwable fault) {
    broken = true;
    counters.onFault("index", fault);
  }

  /** Closes the index; one that is still being opened closes itself when it is open. */
  void close() {
    closing = true;
    boolean open = false;
    boolean interrupted = false;
    try {
      open = opened.await(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      open = opened.getCount() == 0;
    }
    if (open) {
      closeIndex();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void closeIndex() {
    Index known = index;
    index = null;
    FileLock owned = ownership;
    ownership = null;
    try {
      if (known != null) {
        known.close();
        if (files != null && !broken) {
          files.seal();
        }
      }
    } catch (IOException | RuntimeException e) {
      counters.onFault("index", e);
    } finally {
      release(owned);
    }
  }

  private void release(@Nullable FileLock owned) {
    try {
      if (owned != null) {
        owned.release();
      }
    } catch (IOException e) {
      counters.onFault("index", e);
    }
  }
}
