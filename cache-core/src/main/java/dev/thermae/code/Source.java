package dev.thermae.code;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to compile: after content decoding and before charset decoding, with their charset and a
 * name for messages and stack traces.
 *
 * <p>Text and hash are computed at first use and kept; both are idempotent, so instances may be
 * shared between threads. The bytes are not copied and must not change.
 */
public final class Source {
  /** Bytes in a hash. */
  public static final int HASH_LENGTH = 32;

  private static final int SAMPLES = 64;
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  private final String name;
  private final byte[] bytes;
  private final Charset charset;
  private volatile @Nullable String text;
  private volatile byte @Nullable [] hash;
  private volatile long checksum = -1;
  private volatile int sampled;

  private Source(String name, byte[] bytes, Charset charset, byte @Nullable [] hash) {
    this.name = name;
    this.bytes = bytes;
    this.charset = charset;
    this.hash = hash;
  }

  /** A source of {@code bytes} in {@code charset}. */
  public static Source of(String name, byte[] bytes, Charset charset) {
    return new Source(name, bytes, charset, null);
  }

  /** A source of {@code text}, kept as UTF-8. */
  public static Source of(String name, String text) {
    return new Source(name, text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8, null);
  }

  /** A source whose hash is already known from a place that was verified. */
  public static Source verified(String name, byte[] bytes, Charset charset, byte[] hash) {
    return new Source(name, bytes, charset, hash);
  }

  /** File name or URL, as it appears in messages and stack traces. */
  public String name() {
    return name;
  }

  /** The bytes; shared, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** How {@link #bytes()} become text. */
  public Charset charset() {
    return charset;
  }

  /** The decoded text, without a leading byte order mark. */
  public String text() {
    String known = text;
    if (known == null) {
      known = new String(bytes, charset);
      if (!known.isEmpty() && known.charAt(0) == BYTE_ORDER_MARK) {
        known = known.substring(1);
      }
      text = known;
    }
    return known;
  }

  /** The text of bytes that are known to be ASCII, which takes a new JVM half of the time. */
  public String asciiText() {
    String known = text;
    if (known == null) {
      known = new String(bytes, StandardCharsets.ISO_8859_1);
      text = known;
    }
    return known;
  }

  /** Whether the bytes are ASCII, told by their text. */
  public boolean isAscii() {
    String decoded = text();
    return charset.equals(StandardCharsets.UTF_8)
        && decoded.length() == bytes.length
        && decoded.indexOf(REPLACEMENT) < 0;
  }

  /** Takes the hash from a place that was verified, when it was found to hold the same bytes. */
  public void verified(byte[] known) {
    hash = known;
  }

  /** {@link #hash(Charset, byte[])} of this source, 32 bytes; shared, not to be changed. */
  public byte[] hash() {
    byte[] known = hash;
    if (known == null) {
      known = hash(charset, bytes);
      hash = known;
    }
    return known;
  }

  /**
   * SHA-256 over the canonical charset name, a zero byte and the bytes of a source. It costs a
   * fresh process some 40 ms at first use, so it is computed only where code leaves the process.
   */
  public static byte[] hash(Charset charset, byte[] bytes) {
    return Sha256.of((charset.name() + '\0').getBytes(StandardCharsets.US_ASCII), bytes);
  }

  /** Same name, charset and bytes; compared byte by byte, as V8 compares sources. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof Source)) {
      return false;
    }
    Source that = (Source) other;
    return charset.equals(that.charset)
        && name.equals(that.name)
        && Arrays.equals(bytes, that.bytes);
  }

  /** Over length and sampled bytes, as computing it over all of them costs a first load. */
  @Override
  public int hashCode() {
    int hash = sampled;
    if (hash == 0) {
      hash = bytes.length | 1;
      int step = Math.max(1, bytes.length / SAMPLES);
      for (int at = step - 1; at < bytes.length; at += step) {
        hash = 31 * hash + bytes[at];
      }
      sampled = hash;
    }
    return hash;
  }

  /** CRC-32 of the bytes. */
  public long checksum() {
    long known = checksum;
    if (known < 0) {
      CRC32 crc = new CRC32();
      crc.update(bytes, 0, bytes.length);
      known = crc.getValue();
      checksum = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return name + " (" + bytes.length + " bytes, " + charset.name() + ")";
  }
}
