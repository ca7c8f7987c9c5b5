package dev.thermae.code;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sealed code: who made it from what for which resource, then the payload, then a seal over all of
 * it. Format 1, little-endian:
 *
 * <pre>
 * envelope    = header shape manifest payload seal
 * header      = magic format seal-kind reserved key-id
 *               fingerprint source resource generation
 *               shape-length manifest-length payload-length
 * magic       = %x54 %x48 %x4D %x43           ; "THMC"
 * format      = u16                           ; 1
 * seal-kind   = u8                            ; 1 checksum, 2 signed
 * reserved    = u8                            ; 0
 * key-id      = u32                           ; 0 for checksums
 * fingerprint = 32OCTET
 * source      = 32OCTET                       ; SHA-256 over charset and bytes
 * resource    = 32OCTET                       ; SHA-256 of the resource's key
 * generation  = 16OCTET                       ; of the body it was compiled from
 * shape-length, manifest-length, payload-length = u32
 * shape       = UTF-8 text
 * manifest    = OCTETs                        ; what the unit was compiled against; may be empty
 * payload     = OCTETs                        ; the engine's
 * seal        = 8OCTET / 32OCTET              ; over everything before it
 * </pre>
 *
 * <p>Nothing but lengths and the seal's own fields is read before the seal has been checked.
 * Instances are immutable.
 */
public final class Envelope {
  private static final int MAGIC = 0x434D4854;
  private static final short FORMAT = 1;
  private static final int FINGERPRINT = 12;
  private static final int SOURCE = 44;
  private static final int RESOURCE = 76;
  private static final int GENERATION = 108;
  private static final int LENGTHS = 124;
  private static final int HEADER = 136;

  private final @Nullable Rejection rejection;
  private final String detail;
  private final byte[] bytes;
  private final int payload;
  private final int payloadLength;

  private Envelope(
      @Nullable Rejection rejection, String detail, byte[] bytes, int payload, int payloadLength) {
    this.rejection = rejection;
    this.detail = detail;
    this.bytes = bytes;
    this.payload = payload;
    this.payloadLength = payloadLength;
  }

  /** Puts {@code payload} into an envelope. */
  public static byte[] seal(Seal seal, Claim claim, byte[] manifest, byte[] payload) {
    byte[] shape = claim.shape().text().getBytes(StandardCharsets.UTF_8);
    int sealed =
        Math.addExact(
            Math.addExact(HEADER, shape.length), Math.addExact(manifest.length, payload.length));
    byte[] bytes = new byte[Math.addExact(sealed, seal.length())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(MAGIC).putShort(FORMAT).put((byte) seal.kind()).put((byte) 0);
    buffer.putInt(seal.keyId());
    buffer.put(claim.fingerprint().bytes()).put(claim.source().bytes()).put(claim.resource());
    buffer.putLong(claim.generation().high()).putLong(claim.generation().low());
    buffer.putInt(shape.length).putInt(manifest.length).putInt(payload.length);
    buffer.put(shape).put(manifest).put(payload);
    seal.tag(bytes, 0, sealed, bytes, sealed);
    return bytes;
  }

  /** Checks everything there is to check, in the order of {@link Rejection}. */
  public static Envelope open(byte[] bytes, Seal seal, Claim claim) {
    int sealed = bytes.length - seal.length();
    if (sealed < HEADER) {
      return rejected(Rejection.TRUNCATED, bytes.length + " bytes are shorter than a header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.getInt(0) != MAGIC) {
      return rejected(Rejection.MAGIC, "not an envelope");
    }
    if (buffer.getShort(4) != FORMAT || bytes[6] != seal.kind()) {
      return rejected(
          Rejection.FORMAT, "format " + buffer.getShort(4) + " with seal kind " + bytes[6]);
    }
    Rejection refused = seal.check(buffer.getInt(8), bytes, 0, sealed, bytes, sealed);
    if (refused != null) {
      return rejected(refused, "the seal does not match, key id " + buffer.getInt(8));
    }
    return checkClaim(bytes, buffer, sealed, claim);
  }

  private static Envelope checkClaim(byte[] bytes, ByteBuffer buffer, int sealed, Claim claim) {
    if (differs(bytes, FINGERPRINT, claim.fingerprint().bytes())) {
      return rejected(Rejection.FINGERPRINT, "made under another fingerprint");
    }
    if (differs(bytes, SOURCE, claim.source().bytes())) {
      return rejected(Rejection.SOURCE, "compiled from another source");
    }
    if (differs(bytes, RESOURCE, claim.resource())) {
      return rejected(Rejection.RESOURCE, "attached to another resource");
    }
    if (buffer.getLong(GENERATION) != claim.generation().high()
        || buffer.getLong(GENERATION + 8) != claim.generation().low()) {
      return rejected(Rejection.GENERATION, "attached to another generation");
    }
    int shape = buffer.getInt(LENGTHS);
    int manifest = buffer.getInt(LENGTHS + 4);
    int payload = buffer.getInt(LENGTHS + 8);
    if (shape < 0
        || manifest < 0
        || payload < 0
        || (long) HEADER + shape + manifest + payload != sealed) {
      return rejected(Rejection.LENGTH, "lengths do not add up to " + sealed);
    }
    String text = new String(bytes, HEADER, shape, StandardCharsets.UTF_8);
    if (!text.equals(claim.shape().text())) {
      return rejected(Rejection.SOURCE, "compiled in another shape: " + text);
    }
    if (manifest != 0) {
      return rejected(Rejection.DEPENDENCY, "a manifest that this version cannot check");
    }
    return new Envelope(null, "", bytes, HEADER + shape + manifest, payload);
  }

  private static Envelope rejected(Rejection rejection, String detail) {
    return new Envelope(rejection, detail, new byte[0], 0, 0);
  }

  private static boolean differs(byte[] bytes, int from, byte[] expected) {
    return !Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
  }

  /** Why the bytes were refused, or null when they may be used. */
  public @Nullable Rejection rejection() {
    return rejection;
  }

  /** The refusal in words, or empty. */
  public String detail() {
    return detail;
  }

  /** The array that holds the payload. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the payload begins. */
  public int payload() {
    return payload;
  }

  /** Bytes of the payload. */
  public int payloadLength() {
    return payloadLength;
  }
}
