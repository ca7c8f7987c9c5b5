package dev.thermae.code;

/**
 * Lower-case hexadecimal text, without the classes that {@code HexFormat} pulls in at first use.
 */
public final class Hex {
  private static final String DIGITS = "0123456789abcdef";

  private Hex() {}

  /** Two digits a byte. */
  public static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 2);
    for (byte b : bytes) {
      text.append(DIGITS.charAt(b >> 4 & 15)).append(DIGITS.charAt(b & 15));
    }
    return text.toString();
  }

  /** Appends the 16 digits of {@code value}, most significant first. */
  public static void append(StringBuilder text, long value) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      text.append(DIGITS.charAt((int) (value >>> shift) & 15));
    }
  }
}
