package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.code.SealedFile;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a disk store changes: body, then code, then head; heads under the entry's lock, after the
 * head was read again. Thread-safe.
 */
final class DiskWriter {
  private static final long ENTRY_LOCKS_FROM = 1L << 32;
  private static final long ENTRY_LOCKS = 1L << 30;
  private static final long LOCK_WAIT_MILLIS = 2_000;

  private final DiskStore store;
  private final File lockFile;
  private final TimeSource time;

  DiskWriter(DiskStore store, File lockFile, TimeSource time) {
    this.store = store;
    this.lockFile = lockFile;
    this.time = time;
  }

  @Nullable StoredEntry put(EntryHead head, NewBody body) throws IOException {
    if (head.bodyLength() != body.length()) {
      throw new IllegalArgumentException(
          "the head tells of " + head.bodyLength() + " bytes, the body has " + body.length());
    }
    DiskBody written = (DiskBody) body;
    EntryName name = store.name(head.key());
    File file = name.body(head.generation());
    Publisher.publish(written.take(), file);
    DiskEntry stored = null;
    try {
      FileLock lock = lock(name);
      try {
        stored = publishHead(name, head, written.digests());
      } finally {
        lock.release();
      }
    } finally {
      if (stored == null) {
        Publisher.delete(file);
      }
    }
    if (stored != null) {
      store.counters().onStored(head.key(), head.bodyLength());
    }
    return stored;
  }

  private FileLock lock(EntryName name) throws IOException {
    FileLocks locks = FileLocks.of(lockFile, time);
    FileLock lock = locks.lock(ENTRY_LOCKS_FROM + name.lock(ENTRY_LOCKS), LOCK_WAIT_MILLIS);
    if (lock == null) {
      throw new IOException("the lock of " + name.text() + " was not free for 2 s");
    }
    return lock;
  }

  /** Under the entry's lock: the newer request wins, and the variant finds its place. */
  private @Nullable DiskEntry publishHead(EntryName name, EntryHead head, byte[] digests)
      throws IOException {
    DiskEntry first = store.read(name, name.head(), head.key());
    File target = name.head();
    EntryHead published = head;
    if (first != null) {
      EntryHead old = first.head();
      if (head.requestTime() < old.notBefore()) {
        return null;
      }
      published = head.notBefore(old.notBefore());
      if (isOtherVariant(old.selecting(), head.selecting())) {
        target = name.head(head.selecting());
      }
    }
    DiskEntry replaced = target.equals(name.head()) ? first : store.read(name, target, head.key());
    if (replaced != null && isNewer(replaced.head(), head)) {
      return null;
    }
    publish(target, published, digests);
    if (replaced != null && !replaced.head().is(EntryHead.TOMBSTONE)) {
      name.deleteGeneration(replaced.head().generation());
    }
    IndexOwner owner = store.index();
    if (owner != null) {
      owner.stored(name, published);
    }
    return new DiskEntry(store, name, target, published, digests);
  }

  private void publish(File target, EntryHead head, byte[] digests) throws IOException {
    Publisher.publish(store.temporaries(), target, encode(head, digests));
  }

  private static boolean isNewer(EntryHead old, EntryHead head) {
    return old.requestTime() > head.requestTime()
        || (old.requestTime() == head.requestTime() && old.responseTime() > head.responseTime());
  }

  /** Same fields, other values: a second variant. Other fields: the resource varies anew. */
  private static boolean isOtherVariant(String old, String selecting) {
    return !old.equals(selecting) && !old.isEmpty() && fields(old).equals(fields(selecting));
  }

  private static String fields(String selecting) {
    StringBuilder names = new StringBuilder();
    for (String line : selecting.split("\n", -1)) {
      int colon = line.indexOf(':');
      names.append(colon < 0 ? line : line.substring(0, colon)).append('\n');
    }
    return names.toString();
  }

  @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    DiskEntry known = (DiskEntry) entry;
    Generation generation = known.head().generation();
    if (!head.generation().equals(generation)) {
      throw new IllegalArgumentException("a head keeps its generation; put makes a new one");
    }
    FileLock lock = lock(known.name());
    try {
      DiskEntry now = store.read(known.name(), known.headFile(), head.key());
      if (now == null || !now.head().generation().equals(generation) || isInvalidated(now, head)) {
        return null;
      }
      if (isNewer(now.head(), head)) {
        return now;
      }
      EntryHead published = head.notBefore(now.head().notBefore());
      publish(known.headFile(), published, now.digests());
      return new DiskEntry(store, known.name(), known.headFile(), published, now.digests());
    } finally {
      lock.release();
    }
  }

  private static boolean isLater(EntryHead head, long timeMillis) {
    return !head.is(EntryHead.TOMBSTONE) && head.requestTime() >= timeMillis;
  }

  /** Invalidations are noted in the head that is looked at first. */
  private boolean isInvalidated(DiskEntry now, EntryHead head) {
    EntryName name = now.name();
    DiskEntry first =
        now.headFile().equals(name.head()) ? now : store.read(name, name.head(), head.key());
    return first != null && head.requestTime() < first.head().notBefore();
  }

  void invalidate(EntryName name, String key, long timeMillis) throws IOException {
    FileLock lock = lock(name);
    try {
      DiskEntry first = store.read(name, name.head(), key);
      long notBefore = first == null ? timeMillis : Math.max(timeMillis, first.head().notBefore());
      if (first != null && isLater(first.head(), timeMillis)) {
        publish(name.head(), first.head().notBefore(notBefore), first.digests());
        return;
      }
      String selecting = first == null ? "" : first.head().selecting();
      publish(name.head(), EntryHead.tombstone(key, selecting, timeMillis, notBefore), new byte[0]);
      if (first != null) {
        name.deleteGeneration(first.head().generation());
      }
    } finally {
      lock.release();
    }
    IndexOwner owner = store.index();
    if (owner != null) {
      owner.removed(name);
    }
  }

  private byte[] encode(EntryHead head, byte[] digests) {
    byte[] numbers = new byte[DiskEntry.NUMBERS];
    SealedFile.write64(numbers, 0, head.generation().high());
    SealedFile.write64(numbers, 8, head.generation().low());
    SealedFile.write64(numbers, 16, head.requestTime());
    SealedFile.write64(numbers, 24, head.responseTime());
    SealedFile.write64(numbers, 32, head.initialAge());
    SealedFile.write64(numbers, 40, head.lifetime());
    SealedFile.write64(numbers, 48, head.notBefore());
    SealedFile.write64(numbers, 56, head.bodyLength());
    SealedFile.write64(numbers, 64, head.flags());
    System.arraycopy(head.keyHash(), 0, numbers, 72, 32);
    System.arraycopy(head.sourceHash(), 0, numbers, 104, 32);
    return SealedFile.seal(
        DiskEntry.MAGIC,
        DiskEntry.FORMAT,
        store.seal(),
        numbers,
        head.key().getBytes(StandardCharsets.UTF_8),
        head.selecting().getBytes(StandardCharsets.UTF_8),
        head.charset().getBytes(StandardCharsets.UTF_8),
        head.location().getBytes(StandardCharsets.UTF_8),
        head.metadata(),
        digests);
  }

  /** A hint: when it fails, the next run is cold once more. */
  void mark(File marks) throws IOException {
    try (FileOutputStream out = new FileOutputStream(marks, true)) {
      out.write(1);
    }
    if (!marks.setLastModified(time.millis())) {
      throw new IOException("cannot set the time of " + marks);
    }
  }

  void attach(File code, byte[] envelope) throws IOException {
    Publisher.publish(store.temporaries(), code, envelope);
  }
}
