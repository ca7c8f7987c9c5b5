package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import org.jspecify.annotations.Nullable;

/**
 * What all processes together take of a folder's bounds: the file {@code usage}, changed under a
 * byte-range lock. Thread-safe.
 *
 * <p>Bytes are counted before they are written and given back after they were deleted, so a process
 * that is killed leaves too much counted, never too little; the next sum of the files mends it. So
 * that not every write takes the lock, a process reserves a little ahead.
 */
final class Ledger {
  /** Position of the lock among those of the folder. */
  static final long LOCK = 1;

  private static final long LOCK_WAIT_MILLIS = 1_000;

  /** For what somebody may be waiting for; while this passes the others of the process wait. */
  private static final long SHORT_WAIT_MILLIS = 250;

  private static final long LARGEST_STEP = 1 << 20;
  private static final int STEPS = 2048;

  /** What folders and files of its own a new one takes. */
  private static final long FIRST = 5 * 4096;

  private final File root;
  private final File file;
  private final TimeSource time;
  private final DiskOptions options;
  private final long maximumEntries;
  private final long usable;
  private final long step;
  private long ahead;
  private long uncountedEntries;
  private volatile boolean due;

  Ledger(File root, DiskOptions options, TimeSource time) {
    this.root = root;
    this.file = new File(root, "usage");
    this.time = time;
    this.options = options;
    this.maximumEntries = options.maximumEntries();
    this.usable = EvictionPolicy.usable(options.maximumBytes());
    this.step = Math.min(LARGEST_STEP, options.maximumBytes() / STEPS);
  }

  /** Whether the bounds are near, as the last look told. */
  boolean isDue() {
    return due;
  }

  /** Reserves within the bounds; false when there is no room, or nobody knows how much there is. */
  synchronized boolean reserve(long bytes, long entries) throws IOException {
    if (ahead >= bytes && (entries == 0 || maximumEntries == Long.MAX_VALUE)) {
      ahead -= bytes;
      uncountedEntries += entries;
      return true;
    }
    FileLock lock = tryLock(SHORT_WAIT_MILLIS);
    if (lock == null) {
      return false;
    }
    try {
      InUse now = begun();
      if (now == null || now.entries() + uncountedEntries + entries > maximumEntries) {
        return false;
      }
      long more = bytes - ahead;
      if (now.bytes() + more > usable) {
        return false;
      }
      long wanted = Math.min(more + step, usable - now.bytes());
      write(now.plus(wanted, uncountedEntries + entries));
      uncountedEntries = 0;
      ahead += wanted - bytes;
      return true;
    } finally {
      lock.release();
    }
  }

  /** Counts what is there already, whatever the bounds say. */
  synchronized void charge(long bytes) {
    ahead -= bytes;
  }

  /**
   * Gives back what was deleted, or reserved and never written. What cannot be written down now is
   * later: what the caller did is done.
   */
  synchronized void release(long bytes, long entries) {
    ahead += bytes;
    uncountedEntries -= entries;
    if (ahead > 2 * step) {
      try {
        FileLock lock = tryLock(0);
        if (lock != null) {
          settle(lock);
        }
      } catch (IOException e) {
        due = true; // the next walk, or the close, says so
      }
    }
  }

  /** Writes down what only this process knows. */
  synchronized void settle() throws IOException {
    if (ahead != 0 || uncountedEntries != 0) {
      settle(lock());
    }
  }

  private void settle(FileLock lock) throws IOException {
    try {
      InUse now = read();
      if (now != null) {
        write(now.plus(-ahead, uncountedEntries));
      }
      ahead = 0;
      uncountedEntries = 0;
    } finally {
      lock.release();
    }
  }

  /** What is in use as far as known; null when the file is missing or damaged. */
  @Nullable InUse read() throws IOException {
    return InUse.decode(DiskStore.read(file, InUse.LENGTH));
  }

  /** The same; a folder without entries has no need to be summed first. */
  private @Nullable InUse begun() throws IOException {
    boolean isNew = !file.exists() && !new File(root, "entries").exists();
    return isNew ? new InUse(FIRST, 0, FIRST, 0, time.millis()) : read();
  }

  /** Begins a sum of the files. Where nothing was known the folder counts as full until its end. */
  InUse beginSum() throws IOException {
    settle();
    FileLock lock = lock();
    try {
      InUse now = read();
      if (now == null) {
        now = new InUse(usable, 0, 0, 0, 0);
        write(now);
      }
      return now;
    } finally {
      lock.release();
    }
  }

  /** Ends a sum that began with {@code before}; what is given back later is counted until then. */
  synchronized InUse endSum(InUse before, long bytes, long entries) throws IOException {
    FileLock lock = lock();
    try {
      InUse now = read();
      InUse base = now == null ? before : now;
      InUse sum =
          base.summed(
              before,
              bytes + Math.max(0, ahead),
              Math.max(0, entries) + Math.max(0, -uncountedEntries),
              time.millis());
      write(sum);
      return sum;
    } finally {
      lock.release();
    }
  }

  private FileLock lock() throws IOException {
    FileLock lock = tryLock(LOCK_WAIT_MILLIS);
    if (lock == null) {
      throw new IOException("the lock of the usage was not free for 1 s");
    }
    return lock;
  }

  private @Nullable FileLock tryLock(long millis) throws IOException {
    return FileLocks.of(new File(root, "locks"), time).lock(LOCK, millis);
  }

  /** In place: a file that was written in part is found by its checksum, and summed anew. */
  private void write(InUse now) throws IOException {
    due = EvictionPolicy.isDue(now, options);
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      // What lies there may be known by another name, too.
      Publisher.publish(new File(root, "temporary"), file, now.encode());
      return;
    }
    Publisher.requireOwn(root);
    try (RandomAccessFile out = new RandomAccessFile(file, "rw")) {
      out.write(now.encode());
      if (out.length() != InUse.LENGTH) {
        out.setLength(InUse.LENGTH);
      }
    }
  }
}
