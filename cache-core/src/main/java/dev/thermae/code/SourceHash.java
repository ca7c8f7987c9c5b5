package dev.thermae.code;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over the canonical charset name, a zero byte and the bytes of a source.
 *
 * <p>Hashing costs a fresh process some 40 ms at first use, so it is computed only where a key
 * needs it; a hash that a sealed head already holds is taken with {@link #of(byte[])}. Immutable.
 */
public final class SourceHash {
  /** Bytes in a hash. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private SourceHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes a known hash; {@code bytes} must have {@link #LENGTH} bytes and must not change. */
  public static SourceHash of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a source hash has 32 bytes, not " + bytes.length);
    }
    return new SourceHash(bytes);
  }

  /** Computes the hash of {@code bytes} read as {@code charset}. */
  public static SourceHash compute(Charset charset, byte[] bytes) {
    byte[] prefix = (charset.name() + '\0').getBytes(StandardCharsets.US_ASCII);
    return new SourceHash(Sha256.of(prefix, bytes));
  }

  /** The 32 bytes; shared, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SourceHash && Arrays.equals(bytes, ((SourceHash) other).bytes);
  }

  @Override
  public int hashCode() {
    return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
  }

  @Override
  public String toString() {
    return Hex.of(bytes);
  }
}
