package dev.thermae.engine.rhino;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The strings of a unit, each once, numbered in the order in which they were first used. */
final class StringTable {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final ByteSink entries = new ByteSink();
  private final ByteSink text = new ByteSink();

  int number(String string) {
    Integer known = numbers.get(string);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    numbers.put(string, number);
    add(string);
    return number;
  }

  private void add(String string) {
    boolean wide = false;
    for (int i = 0; i < string.length(); i++) {
      wide |= string.charAt(i) > 0xff;
    }
    entries.int32(text.size() << 1 | (wide ? 1 : 0));
    if (wide) {
      // By hand: an encoder would replace unpaired surrogates.
      for (int i = 0; i < string.length(); i++) {
        text.int8(string.charAt(i) >>> 8);
        text.int8(string.charAt(i));
      }
    } else {
      byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
      text.append(bytes, bytes.length);
    }
  }

  int count() {
    return numbers.size();
  }

  /** Where each string starts, and whether it is wide. */
  ByteSink entries() {
    return entries;
  }

  ByteSink text() {
    return text;
  }
}
