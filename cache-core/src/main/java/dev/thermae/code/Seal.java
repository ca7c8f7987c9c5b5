package dev.thermae.code;

import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What protects stored bytes: a tag over them that is checked before anything else reads them.
 * Thread-safe.
 */
public abstract class Seal {
  /** Kind of {@link #checksum()}. */
  public static final int CHECKSUM = 1;

  /** Kind of {@link #signed}. */
  public static final int SIGNED = 2;

  private static final Seal CHECKSUM_SEAL = new ChecksumSeal();

  Seal() {}

  /**
   * CRC-32 and CRC-32C side by side, 8 bytes: against damage, for a folder that only this user can
   * write.
   */
  public static Seal checksum() {
    return CHECKSUM_SEAL;
  }

  /**
   * HMAC-SHA-256, 32 bytes, with a subkey of {@code keys} for {@code namespace}: against forgery,
   * where the folder's mode is not enough.
   */
  public static Seal signed(SigningKeys keys, String namespace) {
    return new HmacSeal(keys, namespace);
  }

  /** {@link #CHECKSUM} or {@link #SIGNED}. */
  public abstract int kind();

  /** Id of the key that new tags are made with; 0 for checksums. */
  public abstract int keyId();

  /** Bytes of a tag. */
  public abstract int length();

  /** Writes the tag of {@code data} to {@code out} at {@code at}. */
  public abstract void tag(byte[] data, int offset, int length, byte[] out, int at);

  /**
   * Checks a tag that was made with {@code keyId}.
   *
   * @return null, {@link Rejection#KEY} or {@link Rejection#SEAL}
   */
  public abstract @Nullable Rejection check(
      int keyId, byte[] data, int offset, int length, byte[] tag, int at);

  /** Bytes of a digest. */
  public abstract int digestLength();

  /**
   * Writes a digest of {@code data} to {@code out} at {@code at}: as strong as the seal, but
   * without its key, for parts whose digests lie in sealed bytes.
   */
  public abstract void digest(byte[] data, int offset, int length, byte[] out, int at);

  private static final class ChecksumSeal extends Seal {
    @Override
    public int kind() {
      return CHECKSUM;
    }

    @Override
    public int keyId() {
      return 0;
    }

    @Override
    public int length() {
      return 8;
    }

    @Override
    public void tag(byte[] data, int offset, int length, byte[] out, int at) {
      CRC32 crc = new CRC32();
      crc.update(data, offset, length);
      CRC32C crcc = new CRC32C();
      crcc.update(data, offset, length);
      write(out, at, (int) crc.getValue());
      write(out, at + 4, (int) crcc.getValue());
    }

    @Override
    public @Nullable Rejection check(
        int keyId, byte[] data, int offset, int length, byte[] tag, int at) {
      if (keyId != 0) {
        return Rejection.KEY;
      }
      byte[] own = new byte[8];
      tag(data, offset, length, own, 0);
      for (int i = 0; i < 8; i++) {
        if (own[i] != tag[at + i]) {
          return Rejection.SEAL;
        }
      }
      return null;
    }

    @Override
    public int digestLength() {
      return 8;
    }

    @Override
    public void digest(byte[] data, int offset, int length, byte[] out, int at) {
      tag(data, offset, length, out, at);
    }

    private static void write(byte[] out, int at, int value) {
      out[at] = (byte) value;
      out[at + 1] = (byte) (value >> 8);
      out[at + 2] = (byte) (value >> 16);
      out[at + 3] = (byte) (value >> 24);
    }
  }
}
