package dev.thermae.script;

import dev.thermae.code.Source;
import org.jspecify.annotations.Nullable;

/** Scripts as the cache takes them. Stateless. */
final class ScriptText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private ScriptText() {}

  /**
   * The source of {@code text}; null for one that does not survive being bytes: a half of a pair of
   * characters has none, and a byte order mark is taken for what it is.
   */
  static @Nullable Source source(String name, String text) {
    int length = text.length();
    if (length > 0 && text.charAt(0) == BYTE_ORDER_MARK) {
      return null;
    }
    for (int i = 0; i < length; i++) {
      char each = text.charAt(i);
      if (Character.isSurrogate(each)) {
        boolean pair =
            Character.isHighSurrogate(each)
                && i + 1 < length
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return null;
        }
        i++;
      }
    }
    return Source.of(name, text);
  }
}
