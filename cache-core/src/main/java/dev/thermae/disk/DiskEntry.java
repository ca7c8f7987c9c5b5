package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.store.BodyReader;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Seen;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link DiskStore}: a verified head; body and code are read when asked for.
 * Immutable.
 *
 * <p>The head's file, format 1, is a {@link SealedFile} with the magic {@code THMH} and the
 * sections
 *
 * <pre>
 * 0 numbers  = generation request-time response-time initial-age lifetime not-before
 *              body-length flags key-hash source-hash
 *   generation = 2u64
 *   *-time, initial-age, lifetime, not-before, body-length, flags = i64
 *   key-hash, source-hash = 32OCTET
 * 1 key      2 selecting   3 charset   4 location  ; UTF-8 text
 * 5 metadata ; opaque
 * 6 digests  = *digest ; one for each 64 KiB of the body, as the seal makes them
 * </pre>
 */
sealed class DiskEntry implements StoredEntry permits BaseEntry, LayeredEntry {
  /** Bytes of the body that one digest covers. */
  static final int CHUNK = 1 << 16;

  private static final int PIECE = 512;

  static final int MAGIC = 0x484D4854;
  static final int FORMAT = 1;
  static final int SECTIONS = 7;
  static final int NUMBERS = 136;

  private final DiskStore store;
  private final EntryName name;
  private final File headFile;
  private final EntryHead head;
  private final byte[] digests;

  DiskEntry(DiskStore store, EntryName name, File headFile, EntryHead head, byte[] digests) {
    this.store = store;
    this.name = name;
    this.headFile = headFile;
    this.head = head;
    this.digests = digests;
  }

  /** The same entry, for one that knows more of it. */
  DiskEntry(DiskEntry same) {
    this(same.store, same.name, same.headFile, same.head, same.digests);
  }

  /** The head in a file whose seal holds; null when its lengths do not add up. */
  static @Nullable EntryHead head(SealedFile file, Seal seal) {
    if (file.length(0) != NUMBERS) {
      return null;
    }
    long bodyLength = file.int64(0, 56);
    long chunks = (bodyLength + CHUNK - 1) / CHUNK;
    if (bodyLength < 0 || file.length(6) != chunks * seal.length()) {
      return null;
    }
    return new EntryHead(
        file.text(1),
        file.text(2),
        new Generation(file.int64(0, 0), file.int64(0, 8)),
        file.int64(0, 16),
        file.int64(0, 24),
        file.int64(0, 32),
        file.int64(0, 40),
        file.int64(0, 48),
        (int) file.int64(0, 64),
        file.text(3),
        file.text(4),
        file.section(0, 72, 32),
        file.section(0, 104, 32),
        bodyLength,
        file.section(5));
  }

  @Override
  public EntryHead head() {
    return head;
  }

  /** The file this head was read from. */
  File headFile() {
    return headFile;
  }

  EntryName name() {
    return name;
  }

  byte[] digests() {
    return digests;
  }

  @Override
  public byte @Nullable [] body() {
    File file = name.body(head.generation());
    try {
      byte[] bytes = DiskStore.readThere(file, head.bodyLength());
      if (bytes == null) {
        bytes = PackedBody.read(store, this);
        if (bytes == null) {
          return null;
        }
      }
      if (bytes.length != head.bodyLength()) {
        String detail = bytes.length + " bytes instead of " + head.bodyLength();
        store.counters().onRejected(file.getPath(), Rejection.TRUNCATED, detail);
        return null;
      }
      int damage = firstDamage(bytes);
      if (damage >= 0) {
        store.counters().onRejected(file.getPath(), Rejection.SEAL, "damaged at byte " + damage);
        return null;
      }
      return bytes;
    } catch (IOException e) {
      store.counters().onFault(file.getPath(), e);
      return null;
    }
  }

  /** {@inheritDoc} What is packed, or cannot be opened like that, is read whole. */
  @Override
  public @Nullable BodyReader reader() {
    BodyReader plain =
        DiskBodyReader.stored(name.body(head.generation()), store, head.bodyLength(), digests);
    return plain == null ? StoredEntry.super.reader() : plain;
  }

  /** {@inheritDoc} Through a small buffer: filling an array of that size takes longer than this. */
  @Override
  public boolean holds(byte[] expected) {
    if (head.bodyLength() != expected.length) {
      return false;
    }
    try {
      byte[] plain = DiskStore.readThere(name.body(head.generation()), expected);
      byte[] bytes = plain == null ? body() : plain;
      boolean equal =
          bytes == expected
              || bytes != null
                  && bytes.length == expected.length
                  && same(bytes, bytes.length, expected, 0);
      if (!equal && plain != null) {
        // Says why, where it is damage and not another source.
        body();
      }
      return equal;
    } catch (IOException e) {
      store.counters().onFault("body of " + head.key(), e);
      return false;
    }
  }

  /**
   * Whether {@code expected} holds the first {@code count} of {@code bytes} at {@code from}: in
   * pieces, which a fresh process compares faster than whole arrays.
   */
  static boolean same(byte[] bytes, int count, byte[] expected, int from) {
    boolean equal = true;
    for (int at = 0; equal && at < count; at += PIECE) {
      int end = Math.min(at + PIECE, count);
      equal = Arrays.equals(bytes, at, end, expected, from + at, from + end);
    }
    return equal;
  }

  private int firstDamage(byte[] bytes) {
    int length = store.seal().length();
    byte[] digest = new byte[length];
    int expected = 0;
    for (int at = 0; at < bytes.length; at += CHUNK) {
      store.seal().digest(bytes, at, Math.min(CHUNK, bytes.length - at), digest, 0);
      if (!Arrays.equals(digest, 0, length, digests, expected, expected + length)) {
        return at;
      }
      expected += length;
    }
    return -1;
  }

  @Override
  public byte @Nullable [] code(String slot) throws IOException {
    return DiskStore.readThere(name.slot(head.generation(), slot, ".c"), DiskStore.MAXIMUM_CODE);
  }

  @Override
  public Seen seen(String slot) {
    File marks = name.slot(head.generation(), slot, ".s");
    return new Seen(marks.length(), marks.lastModified());
  }

  @Override
  public void mark(String slot, boolean anew) throws IOException {
    mark(slot, anew, 0);
  }

  @Override
  public void mark(String slot, boolean anew, long compileNanos) throws IOException {
    store.writer().mark(name, head.generation(), slot, anew, compileNanos);
  }

  @Override
  public long compileNanos(String slot) throws IOException {
    return DiskMarks.compileNanos(name.slot(head.generation(), slot, ".s"));
  }

  @Override
  public void attach(String slot, byte[] envelope) throws IOException {
    store.writer().attach(name, head.generation(), slot, envelope);
  }
}
