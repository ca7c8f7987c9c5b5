package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Byte-range locks of one file, held against other processes and against other threads of this one.
 *
 * <p>POSIX drops all of a process's locks on a file when any of its descriptors is closed, so there
 * is one channel per JVM and file, kept in the system properties (several class loaders share them)
 * and never closed. A lock is only ever tried, never waited for in the kernel: trying is not
 * interruptible, so an interrupted thread cannot close the channel. Thread-safe.
 */
final class FileLocks {
  private static final String REGISTRY = "dev.thermae.locks";
  private static final long FIRST_PAUSE = 50_000;
  private static final long LONGEST_PAUSE = 4_000_000;

  private final FileChannel channel;
  private final TimeSource time;

  private FileLocks(FileChannel channel, TimeSource time) {
    this.channel = channel;
    this.time = time;
  }

  static FileLocks of(File file, TimeSource time) throws IOException {
    Map<Object, Object> channels = registry();
    String path = file.getCanonicalPath();
    synchronized (channels) {
      Object[] known = (Object[]) channels.get(path);
      if (known == null
          || !((FileChannel) known[0]).isOpen()
          || !Objects.equals(known[1], identity(file))) {
        Publisher.folder(file.getParentFile());
        FileChannel channel =
            FileChannel.open(
                file.toPath(),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        known = new Object[] {channel, identity(file)};
        channels.put(path, known);
      }
      return new FileLocks((FileChannel) known[0], time);
    }
  }

  /** Tells a file from another one that has taken its name since. */
  private static @Nullable Object identity(File file) throws IOException {
    try {
      return Files.readAttributes(file.toPath(), BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @SuppressWarnings("unchecked") // the registry holds JDK types only, so every class loader sees it
  private static Map<Object, Object> registry() {
    Properties properties = System.getProperties();
    synchronized (properties) {
      Map<Object, Object> known = (Map<Object, Object>) properties.get(REGISTRY);
      if (known == null) {
        known = new ConcurrentHashMap<>();
        properties.put(REGISTRY, known);
      }
      return known;
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
