package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Byte-range locks of one file, held against other processes and against other threads of this one.
 *
 * <p>POSIX drops all of a process's locks on a file when any of its descriptors is closed, so
 * channels are kept for the life of this class and never closed. Classes of several loaders have a
 * channel each: the JDK refuses overlapping locks across all of them, which counts as taken here.
 * The channels are asynchronous ones, of which only the locks are used: other than a {@code
 * FileChannel} they are not closed when they become unreachable, so that a loader that is unloaded
 * leaves a descriptor behind and takes no lock of the others away; nor does an interruption close
 * them. A lock is only ever tried, never waited for in the kernel. Thread-safe.
 */
final class FileLocks {
  private static final Map<String, Open> CHANNELS = new HashMap<>();
  private static final Map<String, Open> RETIRED = new HashMap<>();
  private static final Set<OpenOption> OPTIONS =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> EXISTING =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final long FIRST_PAUSE = 50_000;
  private static final long LONGEST_PAUSE = 4_000_000;

  /** A channel, and which file it was opened on. */
  private record Open(AsynchronousFileChannel channel, @Nullable Object identity) {}

  private final AsynchronousFileChannel channel;
  private final TimeSource time;

  private FileLocks(AsynchronousFileChannel channel, TimeSource time) {
    this.channel = channel;
    this.time = time;
  }

  static FileLocks of(File file, TimeSource time) throws IOException {
    String path = file.getCanonicalPath();
    synchronized (CHANNELS) {
      Open known = CHANNELS.get(path);
      if (known == null
          || !known.channel().isOpen()
          || !Objects.equals(known.identity(), identity(file))) {
        retire(path, known);
        known = new Open(open(file), identity(file));
        CHANNELS.put(path, known);
      }
      return new FileLocks(known.channel(), time);
    }
  }

  /** An executor that never gets work: cheaper in a fresh process than the channel's own. */
  private static ExecutorService idle() {
    return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
  }

  /** A file that was deleted may be locked still: it is closed when the next one follows it. */
  private static void retire(String path, @Nullable Open known) throws IOException {
    Open before = known == null ? null : RETIRED.put(path, known);
    if (before != null) {
      before.channel().close();
    }
  }

  private static AsynchronousFileChannel open(File file) throws IOException {
    if (CacheFolder.guards && GuardedFiles.locks(file)) {
      // By its name: should that be another file's by now, its locks are shared with nobody.
      return AsynchronousFileChannel.open(file.toPath(), EXISTING, idle());
    }
    Publisher.folder(file.getParentFile());
    return AsynchronousFileChannel.open(file.toPath(), OPTIONS, idle());
  }

  /** Tells a file from another one that has taken its name since. */
  private static @Nullable Object identity(File file) throws IOException {
    try {
      return Files.readAttributes(
              file.toPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Takes the lock at {@code position} if nobody has it. */
  @Nullable FileLock tryLock(long position) throws IOException {
    try {
      return channel.tryLock(position, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Waits for the lock at {@code position} for at most {@code millis}; null when that passed. */
  @Nullable FileLock lock(long position, long millis) throws IOException {
    FileLock lock = tryLock(position);
    if (lock != null) {
      return lock;
    }
    long end = time.nanos() + millis * 1_000_000;
    boolean interrupted = false;
    try {
      for (long pause = FIRST_PAUSE; lock == null && time.nanos() - end < 0; ) {
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
        lock = tryLock(position);
      }
      return lock;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits for at most {@code nanos}; null when they passed, or when interrupted. */
  @Nullable FileLock lockUnlessInterrupted(long position, long nanos) throws IOException {
    FileLock lock = tryLock(position);
    long start = time.nanos();
    for (long pause = FIRST_PAUSE; lock == null && mayWait(start, nanos); ) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      lock = tryLock(position);
    }
    return lock;
  }

  private boolean mayWait(long start, long nanos) {
    return nanos > 0 && time.nanos() - start < nanos && !Thread.currentThread().isInterrupted();
  }
}
