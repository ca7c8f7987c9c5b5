package dev.thermae.code;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random 128-bit id of one stored body: a 304 keeps it, a 200 replaces it, and everything attached
 * to the body is found through it. Immutable.
 */
public final class Generation {
  /** The id that nothing stored has: what crosses machines carries it. */
  public static final Generation NONE = new Generation(0, 0);

  private static final String ZEROS = "0000000000000000";

  private final long high;
  private final long low;

  /** An id from its two halves. */
  public Generation(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /** A new random id. */
  public static Generation random() {
    byte[] bytes = new byte[16];
    Randomness.SECURE.nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Generation(buffer.getLong(0), buffer.getLong(8));
  }

  /** The first 64 bits. */
  public long high() {
    return high;
  }

  /** The last 64 bits. */
  public long low() {
    return low;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Generation
        && high == ((Generation) other).high
        && low == ((Generation) other).low;
  }

  @Override
  public int hashCode() {
    return (int) (high ^ low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return hex(high).concat(hex(low));
  }

  /** The 16 hexadecimal digits of a number, most significant first. */
  public static String hex(long value) {
    String digits = Long.toHexString(value);
    return ZEROS.substring(digits.length()).concat(digits);
  }

  /** Built at first use: a fresh process that only reads never pays for it. */
  private static final class Randomness {
    static final SecureRandom SECURE = new SecureRandom();
  }
}
