package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.store.EntryHead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of an entry as a file: a fixed prefix read by offset, texts, metadata, the digests of
 * the body's 64 KiB chunks, and a seal over all of it. Format 1, little-endian:
 *
 * <pre>
 * head       = magic format seal-kind reserved key-id flags
 *              generation request-time response-time initial-age lifetime not-before
 *              body-length key-hash source-hash
 *              key-length selecting-length charset-length location-length metadata-length digests-length
 *              key selecting charset location metadata digests seal
 * magic      = %x54 %x48 %x4D %x48             ; "THMH"
 * format     = u16                             ; 1
 * seal-kind, reserved = u8                     ; 1 checksum, 2 signed; 0
 * key-id, flags = u32
 * generation = 16OCTET
 * request-time, response-time, initial-age, lifetime, not-before, body-length = i64
 * key-hash, source-hash = 32OCTET
 * *-length   = u32
 * key, selecting, charset, location = UTF-8 text
 * digests    = *digest                         ; one for each 64 KiB of the body, as the seal makes
 * seal       = 8OCTET / 32OCTET                ; over everything before it
 * </pre>
 *
 * Immutable.
 */
final class HeadFile {
  /** Bytes of the body that one digest covers. */
  static final int CHUNK = 1 << 16;

  /** No head is longer. */
  static final int MAXIMUM = 64 << 20;

  private static final int MAGIC = 0x484D4854;
  private static final short FORMAT = 1;
  private static final int FIXED = 168;
  private static final int LENGTHS = 144;

  private final @Nullable EntryHead head;
  private final byte[] digests;
  private final @Nullable Rejection rejection;

  private HeadFile(@Nullable EntryHead head, byte[] digests, @Nullable Rejection rejection) {
    this.head = head;
    this.digests = digests;
    this.rejection = rejection;
  }

  static byte[] encode(EntryHead head, byte[] digests, Seal seal) {
    byte[] key = utf8(head.key());
    byte[] selecting = utf8(head.selecting());
    byte[] charset = utf8(head.charset());
    byte[] location = utf8(head.location());
    byte[] metadata = head.metadata();
    int sealed =
        FIXED
            + key.length
            + selecting.length
            + charset.length
            + location.length
            + metadata.length
            + digests.length;
    byte[] bytes = new byte[sealed + seal.length()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort(FORMAT).put((byte) seal.kind()).put((byte) 0);
    out.putInt(seal.keyId()).putInt(head.flags());
    out.putLong(head.generation().high()).putLong(head.generation().low());
    out.putLong(head.requestTime()).putLong(head.responseTime());
    out.putLong(head.initialAge()).putLong(head.lifetime()).putLong(head.notBefore());
    out.putLong(head.bodyLength()).put(head.keyHash()).put(head.sourceHash());
    out.putInt(key.length).putInt(selecting.length).putInt(charset.length);
    out.putInt(location.length).putInt(metadata.length).putInt(digests.length);
    out.put(key).put(selecting).put(charset).put(location).put(metadata).put(digests);
    seal.tag(bytes, 0, sealed, bytes, sealed);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Checks the seal, then reads. */
  static HeadFile decode(byte[] bytes, Seal seal) {
    int sealed = bytes.length - seal.length();
    if (sealed < FIXED) {
      return rejected(Rejection.TRUNCATED);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != MAGIC) {
      return rejected(Rejection.MAGIC);
    }
    if (in.getShort(4) != FORMAT || bytes[6] != seal.kind()) {
      return rejected(Rejection.FORMAT);
    }
    Rejection refused = seal.check(in.getInt(8), bytes, 0, sealed, bytes, sealed);
    if (refused != null) {
      return rejected(refused);
    }
    int at = FIXED;
    int[] ends = new int[6];
    for (int i = 0; i < ends.length; i++) {
      int length = in.getInt(LENGTHS + 4 * i);
      if (length < 0 || length > sealed - at) {
        return rejected(Rejection.LENGTH);
      }
      at += length;
      ends[i] = at;
    }
    if (at != sealed) {
      return rejected(Rejection.LENGTH);
    }
    return read(bytes, in, ends, seal);
  }

  private static HeadFile read(byte[] bytes, ByteBuffer in, int[] ends, Seal seal) {
    long bodyLength = in.getLong(72);
    if (bodyLength < 0 || ends[5] - ends[4] != digestsLength(bodyLength, seal)) {
      return rejected(Rejection.LENGTH);
    }
    EntryHead head =
        new EntryHead(
            text(bytes, FIXED, ends[0]),
            text(bytes, ends[0], ends[1]),
            new Generation(in.getLong(16), in.getLong(24)),
            in.getLong(32),
            in.getLong(40),
            in.getLong(48),
            in.getLong(56),
            in.getLong(64),
            in.getInt(12),
            text(bytes, ends[1], ends[2]),
            text(bytes, ends[2], ends[3]),
            Arrays.copyOfRange(bytes, 80, 112),
            Arrays.copyOfRange(bytes, 112, 144),
            bodyLength,
            Arrays.copyOfRange(bytes, ends[3], ends[4]));
    return new HeadFile(head, Arrays.copyOfRange(bytes, ends[4], ends[5]), null);
  }

  /** Bytes that the digests of a body take. */
  static long digestsLength(long bodyLength, Seal seal) {
    return (bodyLength + CHUNK - 1) / CHUNK * seal.digestLength();
  }

  private static String text(byte[] bytes, int from, int to) {
    return from == to ? "" : new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static HeadFile rejected(Rejection rejection) {
    return new HeadFile(null, new byte[0], rejection);
  }

  /** The head, or null when the file was refused. */
  @Nullable EntryHead head() {
    return head;
  }

  /** The digests of the body's chunks. */
  byte[] digests() {
    return digests;
  }

  /** Why the file was refused, or null. */
  @Nullable Rejection rejection() {
    return rejection;
  }
}
