package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Precedence;
import dev.thermae.store.Selector;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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

  static final int FINGERPRINT_MAGIC = 0x464D4854;
  private static final int ATTEMPTS = 3;

  /** No head and no record is longer. */
  static final long MAXIMUM_HEAD = 64 << 20;

  /** No code is longer. */
  static final long MAXIMUM_CODE = 1 << 30;

  private static final long INDEX_AFTER_NANOS = 30_000_000_000L;

  private final File root;
  private final File entries;
  private final File temporaries;
  private final Seal seal;
  private final Counters counters;
  private final TimeSource time;
  private final File fingerprints;
  private final long opened;
  private final @Nullable DiskOptions options;
  private volatile @Nullable DiskWriter writer;
  private volatile @Nullable IndexOwner index;
  private boolean closed;

  /**
   * Whether a head is looked for before it is opened, as long as the last one was missing: looking
   * costs a tenth of a hit, not looking costs a miss an exception. Two threads may disagree.
   */
  private boolean looksFirst = true;

  /** {@code options} is null for the defaults, which a first hit does not load. */
  private DiskStore(
      File root, Seal seal, Counters counters, TimeSource time, @Nullable DiskOptions options) {
    this.root = root;
    this.entries = new File(root, "entries");
    this.temporaries = new File(root, "temporary");
    this.seal = seal;
    this.counters = counters;
    this.time = time;
    this.opened = time.nanos();
    this.fingerprints = new File(root, "fingerprints");
    this.options = options;
  }

  /** {@code THERMAE_DIR}, else the folder {@code thermae} in this platform's cache home. */
  public static Path defaultFolder() {
    return FolderCreation.byDefault();
  }

  /**
   * Opens the store in {@code folder}, created with mode 0700 where it is missing.
   *
   * @throws FolderRefusedException when the folder is not ours alone to write
   */
  public static DiskStore open(Path folder, Seal seal, Counters counters, TimeSource time)
      throws IOException {
    return open(folder, seal, counters, time, null);
  }

  /**
   * Opens the store in {@code folder}, created with mode 0700 where it is missing.
   *
   * @param options null for {@link DiskOptions#DEFAULTS}
   * @throws FolderRefusedException when the folder is not ours alone to write
   */
  public static DiskStore open(
      Path folder, Seal seal, Counters counters, TimeSource time, @Nullable DiskOptions options)
      throws IOException {
    File root = CacheFolder.open(folder, FORMAT, seal.kind() == Seal.SIGNED);
    return new DiskStore(root, seal, counters, time, options);
  }

  @Override
  public @Nullable StoredEntry find(String key, @Nullable Selector selector) {
    EntryName name = EntryName.of(entries, key);
    DiskEntry first = read(name, name.head(), key);
    if (first == null) {
      return null;
    }
    EntryHead head = first.head();
    String selecting = selector == null ? "" : selector.selecting(head.selecting());
    if (selecting.equals(head.selecting())) {
      if (head.is(EntryHead.TOMBSTONE)) {
        return null;
      }
      used(name);
      return first;
    }
    DiskEntry second = selector == null ? null : read(name, name.head(selecting), key);
    return second != null
            && second.head().selecting().equals(selecting)
            && isValid(second.head(), head.notBefore())
        ? second
        : null;
  }

  /** A variant that knew of the last invalidation when it was stored, or began after it. */
  boolean isValid(EntryHead variant, long notBefore) {
    return variant.notBefore() == notBefore
        || Precedence.outlives(variant, notBefore, time.millis());
  }

  @Nullable DiskEntry read(EntryName name, File file, String key) {
    try {
      byte[] bytes = looksFirst ? read(file, MAXIMUM_HEAD) : readThere(file, MAXIMUM_HEAD);
      looksFirst = bytes == null;
      return bytes == null ? null : open(name, file, key, bytes);
    } catch (IOException e) {
      counters.onFault(file.getPath(), e);
      return null;
    }
  }

  /** The entry whose head's file has these bytes; null, and reported, when they are refused. */
  @Nullable DiskEntry open(EntryName name, File file, String key, byte[] bytes) {
    SealedFile sealed =
        SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal);
    Rejection rejection = sealed.rejection();
    EntryHead head = rejection == null ? DiskEntry.head(sealed, seal) : null;
    if (head != null && head.key().equals(key)) {
      return new DiskEntry(this, name, file, head, sealed.section(6));
    }
    if (rejection == null) {
      rejection = head == null ? Rejection.LENGTH : Rejection.KEY;
    }
    counters.onRejected(file.getPath(), rejection, "head of " + key);
    return null;
  }

  /** As {@link #readThere}, for a file that may well be missing: looks first, which is cheaper. */
  static byte @Nullable [] read(File file, long maximum) throws IOException {
    return file.exists() ? readThere(file, maximum) : null;
  }

  /**
   * All bytes of {@code file}, null when there is no such file, none when there are more than
   * {@code maximum}, so that what has grown is refused as truncated before it fills the heap:
   * through {@link RandomAccessFile}, which an interruption does not close. Looking whether the
   * file is there would be a fifth of what reading 20 KB takes.
   */
  static byte @Nullable [] readThere(File file, long maximum) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return readOnce(file, maximum);
      } catch (IOException e) {
        // Not found means missing, gone since, or replaced in two steps.
        boolean lost = e instanceof FileNotFoundException;
        if (lost && !file.exists()) {
          return null;
        }
        if (!lost || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static byte[] readOnce(File file, long maximum) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      // Of the open file: another one may have taken the name since.
      long length = in.length();
      if (length > maximum) {
        return new byte[0];
      }
      byte[] bytes = new byte[(int) length];
      int read = 0;
      int count = 0;
      while (read < bytes.length && count >= 0) {
        count = in.read(bytes, read, bytes.length - read);
        read += Math.max(count, 0);
      }
      return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
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
    return DiskBody.open(temporaries, seal);
  }

  @Override
  public @Nullable StoredEntry put(EntryHead head, NewBody body) throws IOException {
    return writer().put(head, body);
  }

  @Override
  public @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    return writer().withHead(entry, head);
  }

  @Override
  public void invalidate(String key, long timeMillis) throws IOException {
    writer().invalidate(EntryName.of(entries, key), key, timeMillis);
  }

  /** What writes, built at first need. */
  DiskWriter writer() {
    DiskWriter known = writer;
    if (known == null) {
      known = new DiskWriter(this, new File(root, "locks"), time);
      writer = known;
    }
    return known;
  }

  EntryName name(String key) {
    return EntryName.of(entries, key);
  }

  @Override
  public @Nullable Fingerprint fingerprint(String surroundings) {
    try {
      byte[] bytes = read(fingerprintFile(surroundings), MAXIMUM_HEAD);
      if (bytes == null) {
        return null;
      }
      SealedFile record = SealedFile.open(bytes, FINGERPRINT_MAGIC, 1, 4, seal);
      Rejection rejection = record.rejection();
      if (rejection != null) {
        counters.onRejected("fingerprint record", rejection, record.detail());
      }
      return rejection == null
              && record.text(1).equals(surroundings)
              && record.length(0) == Fingerprint.LENGTH
          ? Fingerprint.recorded(record.section(0), record.text(3))
          : null;
    } catch (IOException e) {
      counters.onFault("fingerprint record", e);
      return null;
    }
  }

  /**
   * {@inheritDoc} Kept as a {@link SealedFile} with the magic {@code THMF}, format 1 and the
   * sections fingerprint, surroundings, engine, parts.
   */
  @Override
  public void record(String surroundings, String engine, Fingerprint fingerprint)
      throws IOException {
    byte[] bytes =
        SealedFile.seal(
            FINGERPRINT_MAGIC,
            1,
            seal,
            fingerprint.bytes(),
            surroundings.getBytes(StandardCharsets.UTF_8),
            engine.getBytes(StandardCharsets.UTF_8),
            fingerprint.parts().getBytes(StandardCharsets.UTF_8));
    Publisher.publish(temporaries, fingerprintFile(surroundings), bytes);
  }

  private File fingerprintFile(String surroundings) {
    return new File(fingerprints, EntryName.hash(surroundings));
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

  /** Removes now what nobody needs, and what exceeds the bounds. */
  public GcResult gc() throws IOException {
    return TemporarySweep.sweep(temporaries, time.millis());
  }

  /** Whether some process has the index open now; false where that cannot be found out. */
  boolean isIndexOwned() throws IOException {
    return IndexOwner.isOwned(new File(root, "locks"), time);
  }

  /** Competes for the index now, for processes that are known to live long, such as a server. */
  public void claimIndex() {
    openIndex();
  }

  /** The index; a process that has lived for 30 s competes for it at its next use. */
  @Nullable IndexOwner index() {
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

  /** How this store is kept. */
  DiskOptions options() {
    return options == null ? DiskOptions.DEFAULTS : options;
  }

  Counters counters() {
    return counters;
  }

  File temporaries() {
    return temporaries;
  }

  /** Holds everything of this format. */
  File root() {
    return root;
  }
}
