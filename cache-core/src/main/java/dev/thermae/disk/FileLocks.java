package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Byte-range locks of one file, held against other processes and against other threads of this one.
 *
 * <p>POSIX drops all of a process's locks on a file when any of its descriptors is closed, so
 * channels are kept for the life of this class and never closed. Classes of several loaders have a
 * channel each: the JDK refuses overlapping locks across all of them, which counts as taken here.
 * When such a loader is unloaded its channel goes with it, and with that the locks others hold at
 * that moment; a lost lock may let an older head win, and never attaches code to another body. A
 * lock is only ever tried, never waited for in the kernel: trying is not interruptible, so an
 * interrupted thread cannot close the channel. Thread-safe.
 */
final class FileLocks {
  private static final Map<String, Open> CHANNELS = new HashMap<>();
  private static final long FIRST_PAUSE = 50_000;
  private static final long LONGEST_PAUSE = 4_000_000;

  /** A channel, and which file it was opened on. */
  private record Open(FileChannel channel, @Nullable Object identity) {}

  private final FileChannel channel;
  private final TimeSource time;

  private FileLocks(FileChannel channel, TimeSource time) {
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
        known = new Open(open(file), identity(file));
        CHANNELS.put(path, known);
      }
      return new FileLocks(known.channel(), time);
    }
  }

  private static FileChannel open(File file) throws IOException {
    FileChannel guarded = CacheFolder.guards ? GuardedFiles.locks(file) : null;
    if (guarded != null) {
      return guarded;
    }
    Publisher.folder(file.getParentFile());
    return FileChannel.open(
        file.toPath(),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        LinkOption.NOFOLLOW_LINKS);
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
}
