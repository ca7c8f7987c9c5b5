package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Lead;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store in a folder that any number of processes share: plain files, published by rename, every
 * byte verified before it is used. Thread-safe.
 *
 * <pre>
 * v1/entries/3f/a9/HASH.h[.VARIANT]       head; names the generation
 *                  HASH.GENERATION.b      body, or
 *                  HASH.GENERATION.z      the same packed
 *                  HASH.GENERATION.SLOT.s seen: a byte for every mark
 *                  HASH.GENERATION.SLOT.c code: an envelope
 * v1/fingerprints/HASH                    surroundings and their fingerprint, for each key
 * v1/index/                               a disposable index
 * v1/journal/                             what processes tell the index's owner
 * v1/usage                                bytes and entries in use
 * v1/temporary/                           files on their way
 * v1/locks                                byte-range locks
 * </pre>
 *
 * <p>Readers take no locks. Writers publish body, then code, then head; heads change under the
 * entry's lock, after the head was read again.
 */
public sealed class DiskStore implements Store permits LayeredStore {
  /** Folder of this format; another format lives beside it. */
  static final String FORMAT = "v1";

  static final int FINGERPRINT_MAGIC = 0x464D4854;
  private static final int ATTEMPTS = 3;

  /** No head and no record is longer. */
  static final long MAXIMUM_HEAD = 64 << 20;

  /** No code is longer. */
  static final long MAXIMUM_CODE = 1 << 30;

  /** Longer files are not read at once, and so not at all. */
  static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /**
   * Bytes that are read at once: the JDK reads into memory of its own first, which it gets from the
   * system anew for more than this, at twice the time of the read.
   */
  static final int PIECE = 1 << 16;

  /** Nothing is begun in the background before. */
  private static final long SETTLED_AFTER_NANOS = 1_000_000_000L;

  private static final long NOTED_EVERY_MILLIS = 3_600_000;
  private static final long FINGERPRINT_NOTED_EVERY_MILLIS = 24 * NOTED_EVERY_MILLIS;

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
  private volatile boolean off;
  private volatile @Nullable Room room;
  private volatile @Nullable Caretaker caretaker;
  private final EntryName[] early = new EntryName[8];
  private volatile int earlyCount;
  private volatile @Nullable File earlyFingerprint;
  private volatile boolean closed;

  /**
   * Whether a head is looked for before it is opened, as long as the last one was missing: looking
   * costs a tenth of a hit, not looking costs a miss an exception. Two threads may disagree.
   */
  private boolean looksFirst = true;

  /** {@code options} is null for the defaults, which a first hit does not load. */
  DiskStore(
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
    return options == null || options.bases().isEmpty()
        ? new DiskStore(root, seal, counters, time, options)
        : LayeredStore.over(root, seal, counters, time, options);
  }

  /**
   * Opens the store in {@code folder} above the bases that {@code options} names or, where they
   * name none, those in the list {@code THERMAE_BASE}.
   *
   * @param folder null for {@link #defaultFolder}
   * @param options null for {@link DiskOptions#DEFAULTS}
   * @throws FolderRefusedException when the folder is not ours alone to write
   */
  public static DiskStore openAboveBases(
      @Nullable Path folder,
      Seal seal,
      Counters counters,
      TimeSource time,
      @Nullable DiskOptions options)
      throws IOException {
    Path chosen = folder == null ? FolderCreation.byDefault() : folder;
    String named = System.getenv("THERMAE_BASE");
    DiskOptions above =
        named == null || named.isEmpty() ? options : BaseFolder.below(chosen, options, named);
    return open(chosen, seal, counters, time, above);
  }

  @Override
  public @Nullable StoredEntry find(String key, @Nullable Selector selector) {
    EntryName name = EntryName.of(entries, key);
    DiskEntry first = off ? null : read(name, name.head(), key);
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
    if (second == null
        || !second.head().selecting().equals(selecting)
        || !isValid(second.head(), head.notBefore())) {
      return null;
    }
    used(name);
    return second;
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
      return entry(name, file, head, sealed.section(6));
    }
    if (rejection == null) {
      rejection = head == null ? Rejection.LENGTH : Rejection.KEY;
    }
    counters.onRejected(file.getPath(), rejection, "head of " + key);
    if (rejection == Rejection.FORMAT) {
      MixedUse.refused(bytes, this);
    }
    return null;
  }

  /** An entry whose head was verified or written. */
  DiskEntry entry(EntryName name, File file, EntryHead head, byte[] digests) {
    return new DiskEntry(this, name, file, head, digests);
  }

  /** Folders below this one that are only read, in order. */
  List<DiskStore> bases() {
    return List.of();
  }

  /**
   * As {@link #readThere}, for a file that may well be missing: looks first, which is cheaper, and
   * opens no pipe and no device, which might never end.
   */
  static byte @Nullable [] read(File file, long maximum) throws IOException {
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      return GuardedFiles.read(file, maximum);
    }
    return file.isFile() ? readThere(file, maximum) : missing(file);
  }

  /**
   * All bytes of {@code file}, null when there is no such file, none when there are more than
   * {@code maximum}, so that what has grown is refused as truncated before it fills the heap:
   * through {@link RandomAccessFile}, which an interruption does not close. Looking whether it is
   * there, and no pipe, would be a fifth of what reading 20 KB takes; in a private folder only this
   * user can have put a pipe there, and where others write it is looked at.
   */
  static byte @Nullable [] readThere(File file, long maximum) throws IOException {
    return readThere(file, maximum, null);
  }

  /**
   * As above, for a file that is likely to hold the bytes of {@code expected}: gives that very
   * array when it does, without filling another one, and none when it does not, unless it reads
   * all.
   */
  static byte @Nullable [] readThere(File file, byte[] expected) throws IOException {
    return readThere(file, expected.length, expected);
  }

  private static byte @Nullable [] readThere(File file, long maximum, byte @Nullable [] expected)
      throws IOException {
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      return GuardedFiles.read(file, maximum);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return expected == null ? readOnce(file, maximum) : compareOnce(file, expected);
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

  private static byte @Nullable [] missing(File file) throws IOException {
    if (file.exists() && isSpecial(file)) {
      throw new IOException(file.getPath().concat(" is not a file"));
    }
    return null;
  }

  /** Told by one look: between two, a file may have come or gone. */
  private static boolean isSpecial(File file) {
    try {
      return !Files.readAttributes(file.toPath(), BasicFileAttributes.class).isRegularFile();
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] compareOnce(File file, byte[] expected) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      if (in.length() != expected.length) {
        return new byte[0];
      }
      byte[] chunk = new byte[Math.min(DiskEntry.CHUNK, expected.length)];
      int at = 0;
      while (at < expected.length) {
        int count = in.read(chunk, 0, Math.min(chunk.length, expected.length - at));
        if (count <= 0 || !DiskEntry.same(chunk, count, expected, at)) {
          return new byte[0];
        }
        at += count;
      }
      return expected;
    }
  }

  private static byte[] readOnce(File file, long maximum) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      // Of the open file: another one may have taken the name since.
      long length = in.length();
      if (length > maximum || length > LARGEST_ARRAY) {
        return new byte[0];
      }
      byte[] bytes = new byte[(int) length];
      int read = 0;
      int count = 0;
      while (read < bytes.length && count >= 0) {
        count = in.read(bytes, read, Math.min(PIECE, bytes.length - read));
        read += Math.max(count, 0);
      }
      return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    } catch (OutOfMemoryError e) {
      throw new IOException(file.getPath().concat(" does not fit into memory"), e);
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
    if (off) {
      throw new IOException("the folder is not used any more");
    }
    return DiskBody.open(temporaries, this);
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
      File file = fingerprintFile(surroundings);
      byte[] bytes = off ? null : read(file, MAXIMUM_HEAD);
      if (bytes == null) {
        return null;
      }
      SealedFile record = SealedFile.open(bytes, FINGERPRINT_MAGIC, 1, 4, seal);
      Rejection rejection = record.rejection();
      if (rejection != null) {
        counters.onRejected("fingerprint record", rejection, record.detail());
      }
      if (rejection != null
          || !record.text(1).equals(surroundings)
          || record.length(0) != Fingerprint.LENGTH) {
        return null;
      }
      if (!closed) {
        earlyFingerprint = file;
      }
      return Fingerprint.recorded(record.section(0), record.text(3));
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
    room().publish(fingerprintFile(surroundings), bytes, 0, Room.LONG_WAIT_MILLIS);
  }

  private File fingerprintFile(String surroundings) {
    return new File(fingerprints, EntryName.hash(seal.scope().concat(surroundings)));
  }

  @Override
  public @Nullable Lead lead(String what, long nanos) throws IOException {
    return DiskLead.take(new File(root, "locks"), time, counters, what, nanos);
  }

  @Override
  public Seal seal() {
    return seal;
  }

  /**
   * Looks at what kind of file system the folder lies on, which takes milliseconds: for the
   * background, once. A folder that should not be used there is not used any more from now on.
   */
  public void examine() {
    String fault = MountKind.fault(root.toPath(), seal.kind() == Seal.SIGNED);
    if (fault != null) {
      off = true;
      counters.onWarning("No disk tier from now on: " + fault);
    } else if (seal.kind() != Seal.SIGNED && AclCheck.isBlind(root.toPath())) {
      counters.onWarning(AclCheck.WARNING);
    }
  }

  /** What the index knows of the folder, when this process owns it and it is open; else null. */
  public @Nullable DiskUsage usage() {
    Caretaker known = caretaker;
    return known == null ? null : known.usage();
  }

  /** Whether some process has the index open now; false where that cannot be found out. */
  boolean isIndexOwned() throws IOException {
    return IndexOwner.isOwned(new File(root, "locks"), time);
  }

  /** Competes for the index now, for processes that are known to live long, such as a server. */
  public void claimIndex() {
    caretaker().claim();
  }

  /**
   * Sweeps and makes room now, on this thread: code of engine builds that nobody uses, files that
   * nobody refers to, then what is over the bounds. Waits while another process does the same.
   */
  public GcResult gc() throws IOException {
    claimIndex();
    return caretaker().walk(Evictor.Extent.SWEEP);
  }

  /** Takes every entry and every record away; what other processes store meanwhile stays. */
  public GcResult purgeAll() throws IOException {
    return caretaker().walk(Evictor.Extent.PURGE);
  }

  /** What looks after the folder, built at first need. */
  Caretaker caretaker() {
    Caretaker known = caretaker;
    return known == null ? buildCaretaker() : known;
  }

  private synchronized Caretaker buildCaretaker() {
    Caretaker known = caretaker;
    if (known == null) {
      known = new Caretaker(this, time, opened);
      caretaker = known;
      if (closed) {
        known.close();
      }
      for (int i = 0; i < earlyCount; i++) {
        known.used(early[i]);
      }
    }
    return known;
  }

  /** What counts every byte, built at first need. */
  Room room() {
    Room known = room;
    return known == null ? buildRoom() : known;
  }

  private synchronized Room buildRoom() {
    Room known = room;
    if (known == null) {
      known = new Room(this, new Ledger(root, options(), time), Blocks.of(root), time);
      room = known;
    }
    return known;
  }

  private void used(EntryName name) {
    if (closed) {
      return;
    }
    Caretaker known = caretaker;
    if (known == null && time.nanos() - opened > SETTLED_AFTER_NANOS) {
      known = caretaker();
    }
    if (known != null) {
      known.used(name);
    } else if (earlyCount < early.length) {
      early(name);
    }
  }

  /** The look-ups of a young process are noted when it closes, or has become older. */
  private synchronized void early(EntryName name) {
    if (earlyCount < early.length) {
      early[earlyCount] = name;
      earlyCount++;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    long now = time.millis();
    Caretaker known = caretaker;
    if (known != null) {
      known.close();
    } else {
      for (int i = 0; i < earlyCount; i++) {
        touch(early[i].head(), now - NOTED_EVERY_MILLIS, now);
      }
      settle();
    }
    File fingerprint = earlyFingerprint;
    if (fingerprint != null) {
      touch(fingerprint, now - FINGERPRINT_NOTED_EVERY_MILLIS, now);
    }
  }

  private static void touch(File file, long before, long now) {
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      return; // it might be a link to somebody's file by now
    }
    long then = file.lastModified();
    if (then != 0 && then < before && !file.setLastModified(now)) {
      return; // gone, or not ours: a hint is lost
    }
  }

  private void settle() {
    Room known = room;
    if (known != null) {
      try {
        known.ledger().settle();
      } catch (IOException e) {
        counters.onFault("usage", e);
      }
    }
  }

  /** How this store is kept. */
  DiskOptions options() {
    return options == null ? DiskOptions.DEFAULTS : options;
  }

  Counters counters() {
    return counters;
  }

  TimeSource time() {
    return time;
  }

  File temporaries() {
    return temporaries;
  }

  File entries() {
    return entries;
  }

  /** Holds everything of this format. */
  File root() {
    return root;
  }
}
