package dev.thermae.disk;

import dev.thermae.code.Coding;
import dev.thermae.code.Generation;
import dev.thermae.code.PackedCode;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Precedence;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a disk store changes: body, then code, then head; heads under the entry's lock, after the
 * head was read again. Thread-safe.
 */
final class DiskWriter {
  private static final long ENTRY_LOCKS_FROM = 1L << 32;
  private static final long ENTRY_LOCKS = 1L << 30;
  private static final long LOCK_WAIT_MILLIS = 2_000;

  /** Of one resource, the first included. */
  private static final int MAXIMUM_VARIANTS = 64;

  private static final Set<OpenOption> APPEND =
      Set.of(StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);

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
    Room room = store.room();
    File file = publishBody(name, head, written.take());
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
        room.delete(file);
      }
    }
    if (stored != null) {
      store.caretaker().changed(name);
      store.counters().onStored(head.key(), head.bodyLength());
    }
    return stored;
  }

  private File publishBody(EntryName name, EntryHead head, File written) throws IOException {
    DiskOptions.Packing packing = store.options().packing();
    long length = head.bodyLength();
    if (packing.bodies() != Coding.NONE
        && length >= packing.minimumBytes()
        && length <= PackedBody.MAXIMUM) {
      try {
        byte[] body = DiskStore.read(written, length);
        File packed =
            body == null ? null : PackedBody.publish(store, name, head, body, packing.bodies());
        if (packed != null) {
          store.room().delete(written);
          return packed;
        }
      } catch (IOException e) {
        store.room().delete(written);
        throw e;
      }
    }
    File file = name.body(head.generation());
    store.room().move(written, file);
    return file;
  }

  /** Keeps a body packed that was plain until now; answers the bytes that this saves. */
  long packBody(DiskEntry entry, byte[] body, Coding coding) throws IOException {
    EntryName name = entry.name();
    Generation generation = entry.head().generation();
    FileLock lock = lock(name);
    try {
      DiskEntry now = readForChange(name, entry.headFile(), entry.head().key());
      if (now == null || !now.head().generation().equals(generation)) {
        return 0;
      }
      File packed = PackedBody.publish(store, name, now.head(), body, coding);
      if (packed == null) {
        return 0;
      }
      store.room().delete(name.body(generation));
      return body.length - packed.length();
    } finally {
      lock.release();
    }
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
    long now = time.millis();
    DiskEntry first = readForChange(name, name.head(), head.key());
    File target = name.head();
    EntryHead published = head;
    if (first != null) {
      EntryHead old = first.head();
      if (Precedence.keepsOut(old.notBefore(), head.requestTime(), now)) {
        return null;
      }
      published = head.notBefore(old.notBefore());
      if (!old.selecting().equals(head.selecting())
          && Precedence.varyAlike(old.selecting(), head.selecting())) {
        target = name.head(head.selecting());
      }
    } else if (target.exists()) {
      // Damaged: what it said of other variants is lost, so they do not count any more.
      published = head.notBefore(head.requestTime());
    }
    DiskEntry replaced =
        target.equals(name.head()) ? first : readForChange(name, target, head.key());
    if (replaced != null && replaced.head().generation().equals(head.generation())) {
      return replaced; // an entry of a base that was copied here meanwhile
    }
    if (replaced != null && Precedence.stands(replaced.head(), head, now)) {
      return null;
    }
    if (replaced == null && !target.equals(name.head())) {
      makeRoom(name, head.key());
    }
    publish(name, target, published, digests);
    if (replaced != null && !replaced.head().is(EntryHead.TOMBSTONE)) {
      store.room().deleteGeneration(name, replaced.head().generation());
    }
    return store.entry(name, target, published, digests);
  }

  /** Where there are too many variants already, the one fetched longest ago goes. */
  private void makeRoom(EntryName name, String key) throws IOException {
    File[] variants = name.variants();
    if (variants.length < MAXIMUM_VARIANTS - 1) {
      return;
    }
    File oldest = variants[0];
    DiskEntry victim = null;
    for (File variant : variants) {
      DiskEntry entry = readForChange(name, variant, key);
      if (entry == null) {
        store.room().delete(variant); // damaged: nobody can use it
      } else if (victim == null || entry.head().requestTime() < victim.head().requestTime()) {
        oldest = variant;
        victim = entry;
      }
    }
    if (victim != null) {
      store.room().delete(oldest);
      store.room().deleteGeneration(name, victim.head().generation());
    }
  }

  /** A head that is about to change; one that cannot be read just now must not be overwritten. */
  private @Nullable DiskEntry readForChange(EntryName name, File file, String key)
      throws IOException {
    byte[] bytes = DiskStore.read(file, DiskStore.MAXIMUM_HEAD);
    return bytes == null ? null : store.open(name, file, key, bytes);
  }

  private void publish(EntryName name, File target, EntryHead head, byte[] digests)
      throws IOException {
    boolean isNew = target.equals(name.head()) && !target.exists();
    byte[] bytes = HeadFile.encode(head, digests, store.seal());
    store.room().publish(target, bytes, isNew ? 1 : 0, Room.SHORT_WAIT_MILLIS);
  }

  @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    DiskEntry known = (DiskEntry) entry;
    Generation generation = known.head().generation();
    if (!head.generation().equals(generation)) {
      throw new IllegalArgumentException("a head keeps its generation; put makes a new one");
    }
    FileLock lock = lock(known.name());
    try {
      DiskEntry now = readForChange(known.name(), known.headFile(), head.key());
      if (now == null || !now.head().generation().equals(generation) || isInvalidated(now)) {
        return null;
      }
      if (Precedence.stands(now.head(), head, time.millis())) {
        return now;
      }
      EntryHead published = head.notBefore(now.head().notBefore());
      publish(known.name(), known.headFile(), published, now.digests());
      return store.entry(known.name(), known.headFile(), published, now.digests());
    } finally {
      lock.release();
    }
  }

  private static boolean isLater(EntryHead head, long timeMillis, long now) {
    return !head.is(EntryHead.TOMBSTONE) && Precedence.outlives(head, timeMillis, now);
  }

  /** Invalidations are noted in the head that is looked at first. */
  private boolean isInvalidated(DiskEntry now) {
    File head = now.name().head();
    DiskEntry first =
        now.headFile().equals(head) ? now : store.read(now.name(), head, now.head().key());
    return first != null && !store.isValid(now.head(), first.head().notBefore());
  }

  void invalidate(EntryName name, String key, long before) throws IOException {
    long clock = time.millis();
    long timeMillis = Math.min(before, clock + 1);
    FileLock lock = lock(name);
    try {
      DiskEntry first = store.read(name, name.head(), key);
      long known = first == null ? Long.MIN_VALUE : first.head().notBefore();
      long notBefore = Precedence.laterInvalidation(known, timeMillis, clock);
      if (first != null && isLater(first.head(), timeMillis, clock)) {
        publish(name, name.head(), first.head().notBefore(notBefore), first.digests());
        return;
      }
      String selecting = first == null ? "" : first.head().selecting();
      EntryHead tombstone = EntryHead.tombstone(key, selecting, timeMillis, notBefore);
      publish(name, name.head(), tombstone, new byte[0]);
      if (first != null) {
        store.room().deleteGeneration(name, first.head().generation());
      }
    } finally {
      lock.release();
    }
    store.caretaker().changed(name);
  }

  /** A hint: when it fails, the next run is cold once more. */
  void mark(EntryName name, Generation generation, String slot, boolean anew, long compileNanos)
      throws IOException {
    File marks = name.slot(generation, slot, ".s");
    byte mark = DiskMarks.mark(compileNanos);
    byte[] guarded = CacheFolder.guards ? GuardedFiles.marks(marks, anew, mark) : null;
    if (guarded == null) {
      append(marks, anew, mark);
    } else {
      store.room().publish(marks, guarded, 0, Room.LONG_WAIT_MILLIS);
      GuardedFiles.markedAt(marks, time.millis());
    }
    finish(name, generation, marks);
  }

  private void append(File marks, boolean anew, byte mark) throws IOException {
    Publisher.requireOwn(marks.getParentFile());
    if (anew || !isOneFile(marks.toPath())) {
      store.room().publish(marks, new byte[] {mark}, 0, Room.LONG_WAIT_MILLIS);
    } else {
      try (FileChannel out = FileChannel.open(marks.toPath(), APPEND)) {
        out.write(ByteBuffer.wrap(new byte[] {mark}));
      }
    }
    if (!marks.setLastModified(time.millis()) && marks.exists()) {
      throw new IOException("cannot set the time of " + marks);
    }
  }

  /** Whether nobody knows the file by another name, so that appending to it changes this one. */
  private static boolean isOneFile(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return !file.getFileSystem().supportedFileAttributeViews().contains("unix")
        || (Integer) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) == 1;
  }

  void attach(EntryName name, Generation generation, String slot, byte[] envelope)
      throws IOException {
    Coding coding = store.options().packing().code();
    byte[] kept =
        coding == Coding.NONE ? envelope : PackedCode.pack(envelope, store.seal(), coding);
    File code = name.slot(generation, slot, ".c");
    store.room().publish(code, kept, 0, Room.LONG_WAIT_MILLIS);
    finish(name, generation, code);
  }

  /** What was attached to a body that is gone by now goes, too. */
  private void finish(EntryName name, Generation generation, File slot) throws IOException {
    if (!name.body(generation).exists() && !name.packed(generation).exists()) {
      store.room().delete(slot);
    }
    store.caretaker().changed(name);
  }

  /** The lock of an entry, when nobody has it. */
  @Nullable FileLock tryLock(EntryName name) throws IOException {
    return FileLocks.of(lockFile, time).tryLock(ENTRY_LOCKS_FROM + name.lock(ENTRY_LOCKS));
  }
}
