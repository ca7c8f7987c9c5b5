package dev.thermae.code;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What protects stored bytes: a tag over them that is checked before anything else reads them. This
 * class is the checksum seal, CRC-32 and CRC-32C side by side: against damage, for a folder that
 * only this user can write. Thread-safe.
 */
public class Seal {
  /** Kind of {@link #checksum()}. */
  public static final int CHECKSUM = 1;

  /** Kind of {@link #signed}. */
  public static final int SIGNED = 2;

  /** Kind of {@link #signing} and {@link #verifying}. */
  public static final int ED25519 = 3;

  private static final Seal CHECKSUM_SEAL = new Seal();
  private static final int CHECKSUM_LENGTH = 8;

  Seal() {}

  /** CRC-32 and CRC-32C, 8 bytes. */
  public static Seal checksum() {
    return CHECKSUM_SEAL;
  }

  /**
   * HMAC-SHA-256, 32 bytes, with a subkey of {@code keys} for {@code namespace}: against forgery,
   * where the folder's mode is not enough.
   */
  public static Seal signed(SigningKeys keys, String namespace) {
    return HmacSeal.with(keys, namespace);
  }

  /**
   * Ed25519, 64 bytes, for what crosses machines: seals with {@code own}, checks against {@code
   * keys}.
   */
  public static Seal signing(Ed25519SigningKey own, Ed25519PublicKeys keys) {
    return Ed25519Seal.with(own, keys);
  }

  /** Ed25519 for who only reads: checks against {@code keys}, and seals nothing. */
  public static Seal verifying(Ed25519PublicKeys keys) {
    return Ed25519Seal.with(null, keys);
  }

  /** {@link #CHECKSUM}, {@link #SIGNED} or {@link #ED25519}. */
  public int kind() {
    return CHECKSUM;
  }

  /** Whether {@link #tag} may be called; false for seals that only verify. */
  public boolean canSeal() {
    return true;
  }

  /** Id of the key that new tags are made with; 0 for checksums. */
  public int keyId() {
    return 0;
  }

  /**
   * Tells apart what other keys and namespaces seal, in names of files; empty for checksums, which
   * everybody makes alike.
   */
  public final String scope() {
    return scope(keyId());
  }

  /** What {@link #scope()} was when the key of that id, which is known, was the newest. */
  public String scope(int keyId) {
    return "";
  }

  /** Bytes of a tag, and of a digest. */
  public int length() {
    return CHECKSUM_LENGTH;
  }

  /**
   * Writes the tag of {@code data} to {@code out} at {@code at}.
   *
   * @throws UnsupportedOperationException when this seal only verifies
   */
  public void tag(byte[] data, int offset, int length, byte[] out, int at) {
    digest(data, offset, length, out, at);
  }

  /**
   * Checks a tag that was made with {@code keyId}.
   *
   * @return null, {@link Rejection#KEY} or {@link Rejection#SEAL}
   */
  public @Nullable Rejection check(
      int keyId, byte[] data, int offset, int length, byte[] tag, int at) {
    if (keyId != 0) {
      return Rejection.KEY;
    }
    byte[] own = new byte[CHECKSUM_LENGTH];
    digest(data, offset, length, own, 0);
    for (int i = 0; i < CHECKSUM_LENGTH; i++) {
      if (own[i] != tag[at + i]) {
        return Rejection.SEAL;
      }
    }
    return null;
  }

  /**
   * Writes a digest of {@code data} to {@code out} at {@code at}: as strong as the seal, but
   * without its key, for parts whose digests lie in sealed bytes.
   */
  public void digest(byte[] data, int offset, int length, byte[] out, int at) {
    CRC32 crc = new CRC32();
    crc.update(data, offset, length);
    CRC32C crcc = new CRC32C();
    crcc.update(data, offset, length);
    write(out, at, (int) crc.getValue());
    write(out, at + 4, (int) crcc.getValue());
  }

  private static void write(byte[] out, int at, int value) {
    out[at] = (byte) value;
    out[at + 1] = (byte) (value >> 8);
    out[at + 2] = (byte) (value >> 16);
    out[at + 3] = (byte) (value >> 24);
  }
}
