package dev.thermae.disk;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Lead;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import org.jspecify.annotations.Nullable;

/**
 * The lead in making one thing, over all processes that share a folder: a byte-range lock, which
 * the kernel takes from a process that dies. Two things may share a position, which costs one of
 * them a wait. Thread-safe.
 */
final class DiskLead implements Lead {
  /** Beside the locks of the owner and of entries. */
  static final long LOCKS_FROM = 1L << 33;

  private static final long LOCKS = 1L << 30;

  private final FileLock lock;
  private final Counters counters;

  private DiskLead(FileLock lock, Counters counters) {
    this.lock = lock;
    this.counters = counters;
  }

  /** Takes the lead, waiting for at most {@code nanos}; null when somebody else has it still. */
  static @Nullable Lead take(
      File lockFile, TimeSource time, Counters counters, String what, long nanos)
      throws IOException {
    FileLock lock = FileLocks.of(lockFile, time).lockUnlessInterrupted(position(what), nanos);
    return lock == null ? null : new DiskLead(lock, counters);
  }

  static long position(String what) {
    String digits = EntryName.hash(what);
    return LOCKS_FROM + (Long.parseUnsignedLong(digits.substring(16), 16) & (LOCKS - 1));
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      counters.onFault("lead", e);
    }
  }
}
