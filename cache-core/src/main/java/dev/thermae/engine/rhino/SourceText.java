package dev.thermae.engine.rhino;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text of a source in UTF-8 that is ASCII but for a few characters. Finding them takes a new
 * JVM longer than all the rest of decoding, so that their places are stored with the code.
 */
final class SourceText {
  private static final int MAX_PLACES = 4096;
  private static final char REPLACEMENT = '\uFFFD';

  private SourceText() {}

  /**
   * How many characters lie before each of those above 127, since the one before it; a pair of
   * surrogates is one. Null where there are many, or where bytes may have been malformed.
   */
  static int @Nullable [] places(String text) {
    int[] places = new int[MAX_PLACES];
    int count = 0;
    int last = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int length = 1;
      if (c > 0x7f) {
        boolean pair = Character.isHighSurrogate(c);
        if (count == MAX_PLACES || c == REPLACEMENT) {
          return null;
        }
        length = pair ? 2 : 1;
        places[count++] = i - last;
        last = i + length;
      }
      i += length;
    }
    return Arrays.copyOf(places, count);
  }

  /** The text of {@code utf8}; null where its characters cannot lie at these places. */
  static @Nullable String of(byte[] utf8, int[] places) {
    String[] pieces = new String[2 * places.length + 1];
    int from = 0;
    for (int i = 0; i < places.length; i++) {
      int place = places[i];
      if (place < 0 || place >= utf8.length - from) {
        return null;
      }
      pieces[2 * i] = new String(utf8, from, place, StandardCharsets.ISO_8859_1);
      from += place;
      int length = length(utf8[from]);
      if (length > utf8.length - from) {
        return null;
      }
      pieces[2 * i + 1] = new String(utf8, from, length, StandardCharsets.UTF_8);
      from += length;
    }
    int rest = utf8.length - from;
    pieces[2 * places.length] = new String(utf8, from, rest, StandardCharsets.ISO_8859_1);
    return String.join("", pieces);
  }

  /** Bytes of the character that begins so (RFC 3629 section 3). */
  private static int length(byte first) {
    int ones = Integer.numberOfLeadingZeros(~(first << 24));
    return ones < 2 || ones > 4 ? 1 : ones;
  }
}
