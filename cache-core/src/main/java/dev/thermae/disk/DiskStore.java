package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Selector;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A store in a folder that any number of processes share: plain files, published by rename, every
 * byte verified before it is used. Thread-safe.
 *
 * <pre>
 * v1/entries/3f/a9/HASH.h[.VARIANT]       head; names the generation
 *                  HASH.GENERATION.b      body
 *                  HASH.GENERATION.SLOT.s seen: a byte for every mark
 *                  HASH.GENERATION.SLOT.c code: an envelope
 * v1/fingerprints/HASH                    surroundings and their fingerprint
 * v1/index/                               a disposable index
 * v1/temporary/                           files on their way
 * v1/locks                                byte-range locks
 * </pre>
 *
 * <p>Readers take no locks. Writers publish body, then code, then head; heads change under the
 * entry's lock, after the head was read again.
 */
public final class DiskStore implements Store {
  /** Folder of this format; another format lives beside it. */
  static final String FORMAT = "v1";

  private static final long ENTRY_LOCKS_FROM = 1L << 32;
  private static final long ENTRY_LOCKS = 1L << 30;
  private static final long LOCK_WAIT_MILLIS = 2_000;
  private static final long INDEX_AFTER_NANOS = 30_000_000_000L;

  private final File root;
  private final File entries;
  private final File temporaries;
  private final Seal seal;
  private final Counters counters;
  private final TimeSource time;
  private final FingerprintRecords fingerprints;
  private final long opened;
  private volatile @Nullable IndexOwner index;
  private boolean closed;

  private DiskStore(File root, Seal seal, Counters counters, TimeSource time) {
    this.root = root;
    this.entries = new File(root, "entries");
    this.temporaries = new File(root, "temporary");
    this.seal = seal;
    this.counters = counters;
    this.time = time;
    this.opened = time.nanos();
    this.fingerprints = new FingerprintRecords(new File(root, "fingerprints"), temporaries, seal);
  }

  /** {@code THERMAE_DIR}, else the folder {@code thermae} in this platform's cache home. */
  public static Path defaultFolder() {
    return CacheFolder.byDefault();
  }

  /**
   * Opens the store in {@code folder}, created with mode 0700 where it is missing.
   *
   * @throws FolderRefusedException when the folder is not ours alone to write
   */
  public static DiskStore open(Path folder, Seal seal, Counters counters, TimeSource time)
      throws IOException {
    return new DiskStore(CacheFolder.open(folder, FORMAT), seal, counters, time);
  }

  @Override
  public @Nullable StoredEntry find(String key, Selector selector) {
    EntryName name = EntryName.of(entries, key);
    DiskEntry first = read(name, name.head(), key);
    if (first == null || first.head().is(EntryHead.TOMBSTONE)) {
      return null;
    }
    EntryHead head = first.head();
    String selecting = selector.selecting(head.selecting());
    if (selecting.equals(head.selecting())) {
      used(name);
      return first;
    }
    DiskEntry second = read(name, name.head(selecting), key);
    return second != null
            && second.head().selecting().equals(selecting)
            && second.head().requestTime() >= head.notBefore()
        ? second
        : null;
  }

  private @Nullable DiskEntry read(EntryName name, File file, String key) {
    try {
      byte[] bytes = DiskFiles.read(file, HeadFile.MAXIMUM);
      if (bytes == null) {
        return null;
      }
      HeadFile read = HeadFile.decode(bytes, seal);
      EntryHead head = read.head();
      if (head == null) {
        Rejection reason = read.rejection() == null ? Rejection.LENGTH : read.rejection();
        counters.onRejected(file.getPath(), reason, "head of " + key);
        return null;
      }
      if (!head.key().equals(key)) {
        counters.onRejected(file.getPath(), Rejection.KEY, "head of " + head.key());
        return null;
      }
      return new DiskEntry(this, name, file, head, read.digests());
    } catch (IOException e) {
      counters.onFault(file.getPath(), e);
      return null;
    }
  }

  /** A body is gone though its head was read: replaced meanwhile, or lost. */
  void bodyMissing(DiskEntry entry, File body) {
    DiskEntry now = read(entry.name(), entry.headFile(), entry.head().key());
    if (now != null && now.head().generation().equals(entry.head().generation())) {
      counters.onRejected(body.getPath(), Rejection.TRUNCATED, "the body is missing");
    }
  }

  @Override
  public NewBody newBody(String key) throws IOException {
    return new DiskBody(DiskFiles.temporary(temporaries), seal);
  }

  @Override
  public @Nullable StoredEntry put(EntryHead head, NewBody body) throws IOException {
    DiskBody written = (DiskBody) body;
    EntryName name = EntryName.of(entries, head.key());
    File file = name.body(head.generation());
    DiskFiles.publish(written.take(), file);
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
        DiskFiles.delete(file);
      }
    }
    if (stored != null) {
      counters.onStored(head.key(), head.bodyLength());
    }
    return stored;
  }

  private FileLock lock(EntryName name) throws IOException {
    DiskFiles.folder(root);
    FileLocks locks = FileLocks.of(new File(root, "locks"), time);
    FileLock lock = locks.lock(ENTRY_LOCKS_FROM + name.lock(ENTRY_LOCKS), LOCK_WAIT_MILLIS);
    if (lock == null) {
      throw new IOException("the lock of " + name.text() + " was not free for 2 s");
    }
    return lock;
  }

  /** Under the entry's lock: the newer request wins, and the variant finds its place. */
  private @Nullable DiskEntry publishHead(EntryName name, EntryHead head, byte[] digests)
      throws IOException {
    DiskEntry first = read(name, name.head(), head.key());
    File target = name.head();
    EntryHead published = head;
    if (first != null) {
      EntryHead old = first.head();
      if (head.requestTime() < old.notBefore()) {
        return null;
      }
      published = head.notBefore(old.notBefore());
      if (!old.is(EntryHead.TOMBSTONE) && isOtherVariant(old.selecting(), head.selecting())) {
        target = name.head(head.selecting());
      }
    }
    DiskEntry replaced = target.equals(name.head()) ? first : read(name, target, head.key());
    if (replaced != null && isNewer(replaced.head(), head)) {
      return null;
    }
    DiskFiles.publish(temporaries, target, HeadFile.encode(published, digests, seal));
    if (replaced != null && !replaced.head().is(EntryHead.TOMBSTONE)) {
      name.deleteGeneration(replaced.head().generation());
    }
    IndexOwner owner = index();
    if (owner != null) {
      owner.stored(name, published);
    }
    return new DiskEntry(this, name, target, published, digests);
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

  @Override
  public @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    DiskEntry known = (DiskEntry) entry;
    Generation generation = known.head().generation();
    if (!head.generation().equals(generation)) {
      throw new IllegalArgumentException("a head keeps its generation; put makes a new one");
    }
    FileLock lock = lock(known.name());
    try {
      DiskEntry now = read(known.name(), known.headFile(), head.key());
      if (now == null || !now.head().generation().equals(generation)) {
        return null;
      }
      EntryHead published = head.notBefore(now.head().notBefore());
      byte[] bytes = HeadFile.encode(published, now.digests(), seal);
      DiskFiles.publish(temporaries, known.headFile(), bytes);
      return new DiskEntry(this, known.name(), known.headFile(), published, now.digests());
    } finally {
      lock.release();
    }
  }

  @Override
  public void invalidate(String key, long timeMillis) throws IOException {
    EntryName name = EntryName.of(entries, key);
    FileLock lock = lock(name);
    try {
      DiskEntry first = read(name, name.head(), key);
      long notBefore = first == null ? timeMillis : Math.max(timeMillis, first.head().notBefore());
      EntryHead tombstone = EntryHead.tombstone(key, timeMillis, notBefore);
      DiskFiles.folder(name.folder());
      DiskFiles.publish(temporaries, name.head(), HeadFile.encode(tombstone, new byte[0], seal));
      if (first != null) {
        name.deleteGeneration(first.head().generation());
      }
    } finally {
      lock.release();
    }
    IndexOwner owner = index;
    if (owner != null) {
      owner.removed(name);
    }
  }

  @Override
  public @Nullable Fingerprint fingerprint(String surroundings) {
    try {
      return fingerprints.find(surroundings);
    } catch (IOException e) {
      counters.onFault("fingerprint record", e);
      return null;
    }
  }

  @Override
  public void record(String surroundings, String engine, Fingerprint fingerprint)
      throws IOException {
    fingerprints.record(surroundings, engine, fingerprint);
  }

  @Override
  public Seal seal() {
    return seal;
  }

  /** What the index knows of the folder, when this process owns it and it is open; else null. */
  public @Nullable DiskUsage usage() {
    IndexOwner owner = index;
    return owner == null ? null : owner.usage();
  }

  /** Competes for the index now, for processes that are known to live long, such as a server. */
  public void claimIndex() {
    openIndex();
  }

  /** The index; a process that has lived for 30 s competes for it at its next use. */
  private @Nullable IndexOwner index() {
    IndexOwner owner = index;
    if (owner == null && time.nanos() - opened > INDEX_AFTER_NANOS) {
      openIndex();
      owner = index;
    }
    return owner;
  }

  private synchronized void openIndex() {
    if (index == null && !closed) {
      index = IndexOwner.start(root, entries, seal, counters, time);
    }
  }

  private void used(EntryName name) {
    IndexOwner owner = index();
    if (owner != null) {
      owner.used(name);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    IndexOwner owner = index;
    if (owner != null) {
      owner.close();
    }
  }

  Counters counters() {
    return counters;
  }

  File temporaries() {
    return temporaries;
  }
}
