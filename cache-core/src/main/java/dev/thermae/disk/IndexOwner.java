package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NoRoomException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Competes for the index in the background, opens it where no other process owns it, and closes it
 * with a seal.
 *
 * <p>{@code index/N.cm} is believed only beside {@code index/N.seal}, which is taken away at open
 * and written at a clean close. Without it the index is thrown away and built anew from the files,
 * under another number. Nobody ever waits for it: until it is open, what it is told is queued, and
 * where too much is, it is not complete. Thread-safe.
 */
final class IndexOwner {
  private static final long OWNER_LOCK = 0;
  private static final long CLOSE_WAIT_SECONDS = 5;
  private static final AtomicBoolean TOLD = new AtomicBoolean();
  private static final long AGAIN_AFTER_NANOS = 5_000_000_000L;
  private static final int MOST_QUEUED = 1 << 16;

  private final DiskStore store;
  private final Counters counters;
  private final TimeSource time;
  private final JournalReader journals;
  private final ConcurrentLinkedQueue<Note> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile CountDownLatch opened = new CountDownLatch(0);
  private volatile @Nullable IndexContent content;
  private volatile boolean closing;
  private volatile boolean broken;
  private volatile boolean overflowed;
  private volatile long notBefore;
  private volatile @Nullable FileLock ownership;
  private @Nullable IndexFiles files;

  IndexOwner(DiskStore store, Journal own, TimeSource time) {
    this.store = store;
    this.counters = store.counters();
    this.time = time;
    this.notBefore = time.nanos();
    this.journals = new JournalReader(store, own, time);
  }

  /** Takes the index if nobody has it; it is opened by a thread of its own. */
  void compete() {
    if (ownership != null || closing || broken || time.nanos() - notBefore < 0) {
      return;
    }
    try {
      // Where locks may not hold between machines nobody can be sure to be the only owner.
      boolean shared = MountKind.of(store.root().toPath()) == MountKind.NETWORK;
      ownership = shared ? null : tryOwnership(store, time);
      if (ownership == null) {
        return;
      }
      opened = new CountDownLatch(1);
      Thread thread = new Thread(null, this::open, "thermae-index", 0, false);
      thread.setDaemon(true);
      thread.setPriority(Thread.MIN_PRIORITY);
      thread.start();
    } catch (IOException | OutOfMemoryError e) {
      broken(e);
      opened.countDown();
      closeIndex();
    }
  }

  static @Nullable FileLock tryOwnership(DiskStore store, TimeSource time) throws IOException {
    return FileLocks.of(new File(store.root(), "locks"), time).tryLock(OWNER_LOCK);
  }

  /** Whether this process owns the index, be it open or on its way. */
  boolean isOwner() {
    return ownership != null;
  }

  /** Whether another process owns the index just now. */
  boolean isElsewhere() throws IOException {
    FileLock lock = tryOwnership(store, time);
    if (lock != null) {
      lock.release();
    }
    return lock == null;
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
      if (!closing) {
        content = openOwned();
      }
    } catch (NoRoomException e) {
      // Room may be made meanwhile; where nothing was counted yet, that takes a walk.
      counters.onDropped("index: " + e.getMessage());
      notBefore = time.nanos() + AGAIN_AFTER_NANOS;
    } catch (IOException | RuntimeException | LinkageError e) {
      broken(e);
    } finally {
      opened.countDown();
      if (closing || content == null) {
        closeIndex();
      }
    }
  }

  private @Nullable IndexContent openOwned() throws IOException {
    boolean local = MountKind.of(store.root().toPath()) == MountKind.LOCAL;
    if (store.seal().kind() == Seal.SIGNED || !local) {
      return filled(new HeapIndex());
    }
    if (!ChronicleIndex.isPossible()) {
      tellOnce();
      return filled(new HeapIndex());
    }
    IndexFiles own = new IndexFiles(store.root(), store.room());
    files = own;
    File sealed = own.takeSealed();
    long capacity = IndexContent.capacity(store.options());
    if (sealed != null) {
      IndexContent known = new IndexContent(ChronicleIndex.open(sealed, capacity));
      known.sum();
      return known;
    }
    return filled(own.create(capacity));
  }

  private static void tellOnce() {
    if (ChronicleIndex.isPresent() && TOLD.compareAndSet(false, true)) {
      System.getLogger("dev.thermae")
          .log(
              System.Logger.Level.INFO,
              "The index is kept on the heap: Chronicle Map needs --add-exports"
                  + " java.base/sun.nio.ch=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED"
                  + " --add-opens java.base/java.lang.reflect=ALL-UNNAMED to keep it off the heap"
                  + " and across restarts.");
    }
  }

  /** Reads the names and sizes of all files, with as many rests as work; null when it was ended. */
  private @Nullable IndexContent filled(Index index) throws IOException {
    IndexContent built = new IndexContent(index);
    Blocks blocks = store.room().blocks();
    RestingPause pause = new RestingPause(time, () -> closing);
    FolderWalk.Visitor visitor = (entry, size) -> built.seen(entry.name(), entry.record(blocks, 0));
    if (new FolderWalk(blocks).walk(store.entries(), visitor, pause)) {
      return built;
    }
    built.close(); // knows of a part, and is never sealed
    return null;
  }

  /** Queues what happened to an entry. */
  void tell(Note note) {
    if (queued.incrementAndGet() > MOST_QUEUED) {
      queued.decrementAndGet();
      overflowed = true;
      return;
    }
    queue.add(note);
  }

  /** Brings the index up to what was queued, and to what other processes wrote down. */
  void catchUp() {
    IndexContent known = usable();
    if (known == null) {
      if (broken) {
        closeIndex(); // so that another process can have it
      }
      return;
    }
    try {
      synchronized (journals) {
        journals.tail(note -> apply(known, note));
        for (Note note = queue.poll(); note != null; note = queue.poll()) {
          queued.decrementAndGet();
          apply(known, note);
        }
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      broken(e);
    }
  }

  private void apply(IndexContent known, Note note) {
    if (note.hits() > 0) {
      known.used(note.name(), note.hits(), note.time());
    } else {
      EntryFiles files = EntryFiles.of(EntryName.named(store.entries(), note.name()));
      known.seen(note.name(), files.record(store.room().blocks(), 0));
    }
  }

  /** What a walk saw of an entry, and the index may know better: its hits and last use. */
  IndexRecord seen(String entry, IndexRecord files) {
    IndexContent known = usable();
    try {
      return known == null ? files : known.seen(entry, files);
    } catch (RuntimeException | LinkageError e) {
      broken(e);
      return files;
    }
  }

  /** Evicts what the index says; false when that was not enough. */
  boolean evict(InUse inUse, long wanted, IndexContent.Remover remover) throws IOException {
    IndexContent known = usable();
    if (known == null || overflowed || !known.isComplete()) {
      return false;
    }
    try {
      return known.evict(
          inUse,
          wanted,
          store.options(),
          time.millis(),
          (entry, last) -> remove(entry, last, remover));
    } catch (RuntimeException | LinkageError e) {
      broken(e);
      return false;
    }
  }

  /** What could not be removed is looked at again. */
  private long remove(String entry, long lastUse, IndexContent.Remover remover) throws IOException {
    long freed = remover.remove(entry, lastUse);
    if (freed == 0) {
      tell(new Note(entry, 0, 0));
    }
    return freed;
  }

  @Nullable DiskUsage usage() {
    catchUp();
    IndexContent known = usable();
    return known == null ? null : known.usage(store.options().maximumBytes());
  }

  private @Nullable IndexContent usable() {
    return closing || broken ? null : content;
  }

  /** An index that failed once is left alone, and is not sealed. */
  private void broken(Throwable fault) {
    broken = true;
    counters.onFault("index", fault);
  }

  /** Closes the index; one that is still being opened closes itself when it is open. */
  void close() {
    catchUp();
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
    IndexContent known = content;
    content = null;
    FileLock owned = ownership;
    ownership = null;
    try {
      if (known != null) {
        known.close();
        if (files != null && !broken && !overflowed && known.isComplete()) {
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
