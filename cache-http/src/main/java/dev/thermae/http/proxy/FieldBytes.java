package dev.thermae.http.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Carries field values over unchanged: Jetty reads and writes octets as ISO-8859-1, OkHttp as
 * UTF-8. Pure.
 */
final class FieldBytes {
  private FieldBytes() {}

  /**
   * A value that Jetty read, for OkHttp to write; octets that are not UTF-8 come out as Latin-1.
   */
  static String inbound(String value) {
    if (isAscii(value)) {
      return value;
    }
    ByteBuffer octets = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
    } catch (CharacterCodingException e) {
      return value;
    }
  }

  /** A value that OkHttp read, for Jetty to write. */
  static String outbound(String value) {
    return isAscii(value)
        ? value
        : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean isAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0x7f) {
        return false;
      }
    }
    return true;
  }
}
