package dev.thermae.disk;

import dev.thermae.code.Coding;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A body that is kept packed, in a file of its own beside where it would lie; the head knows
 * nothing of it, and its digests are those of the body itself. Stateless; apart from {@link
 * DiskEntry}, so that who finds the body does not load it.
 *
 * <p>The file, format 1, is a {@link SealedFile} with the magic {@code THMZ} and the sections
 *
 * <pre>
 * 0 claim = generation key-hash coding length
 *   generation = 2u64
 *   key-hash   = 32OCTET
 *   coding     = u64      ; 1 deflate, 2 zstd
 *   length     = u64      ; of the body
 * 1 packed = *OCTET
 * </pre>
 */
final class PackedBody {
  static final int MAGIC = 0x5A4D4854;
  static final int FORMAT = 1;
  static final int SECTIONS = 2;
  private static final int CLAIM = 64;

  /** Bytes of the longest body that is packed: it is unpacked as a whole, and held. */
  static final int MAXIMUM = 32 << 20;

  private PackedBody() {}

  /** Writes {@code body} packed; null where that does not pay. */
  static @Nullable File publish(
      DiskStore store, EntryName name, EntryHead head, byte[] body, Coding coding)
      throws IOException {
    byte[] packed = coding.pack(body, 0, body.length);
    if (packed == null) {
      return null;
    }
    byte[] claim = new byte[CLAIM];
    SealedFile.write64(claim, 0, head.generation().high());
    SealedFile.write64(claim, 8, head.generation().low());
    System.arraycopy(head.keyHash(), 0, claim, 16, 32);
    SealedFile.write64(claim, 48, coding.number());
    SealedFile.write64(claim, 56, body.length);
    byte[] sealed = SealedFile.seal(MAGIC, FORMAT, store.seal(), claim, packed);
    File file = name.packed(head.generation());
    store.room().publish(file, sealed, 0, Room.LONG_WAIT_MILLIS);
    return file;
  }

  /** The body of an entry, verified and unpacked; null, and reported, when it is not to be had. */
  static byte @Nullable [] read(DiskStore store, DiskEntry entry) throws IOException {
    EntryHead head = entry.head();
    File file = entry.name().packed(head.generation());
    byte[] bytes = DiskStore.read(file, MAXIMUM);
    if (bytes == null) {
      store.bodyMissing(entry, entry.name().body(head.generation()));
      return null;
    }
    SealedFile sealed = SealedFile.open(bytes, MAGIC, FORMAT, SECTIONS, store.seal());
    Rejection rejection = sealed.rejection();
    if (rejection == null) {
      rejection = check(sealed, head);
    }
    byte[] body = rejection == null ? unpack(sealed) : null;
    if (body == null) {
      Rejection reason = rejection == null ? Rejection.LENGTH : rejection;
      store.counters().onRejected(file.getPath(), reason, "packed body: " + sealed.detail());
    }
    return body;
  }

  private static @Nullable Rejection check(SealedFile sealed, EntryHead head) {
    if (sealed.length(0) != CLAIM || sealed.int64(0, 56) != head.bodyLength()) {
      return Rejection.LENGTH;
    }
    if (!sealed.holds(0, 16, head.keyHash())) {
      return Rejection.RESOURCE;
    }
    if (sealed.int64(0, 0) != head.generation().high()
        || sealed.int64(0, 8) != head.generation().low()) {
      return Rejection.GENERATION;
    }
    Coding coding = Coding.of(sealed.int64(0, 48));
    return coding == null || !coding.isAvailable() ? Rejection.FORMAT : null;
  }

  private static byte @Nullable [] unpack(SealedFile sealed) {
    Coding coding = Coding.of(sealed.int64(0, 48));
    return coding == null
        ? null
        : coding.unpack(
            sealed.bytes(), sealed.start(1), sealed.length(1), sealed.int64(0, 56), MAXIMUM);
  }
}
