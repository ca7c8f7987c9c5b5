package dev.thermae.script;

import dev.thermae.code.Source;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What earlier scripts of one engine have defined besides themselves, by simple name. A later
 * script that mentions such a name is compiled against it, so its code depends on it. Thread-safe.
 *
 * <p>A mention is told by the text alone: any word that is equal to the name. One too many costs a
 * compile; one too few cannot be, since the compiler finds classes by the words of the text.
 */
final class Definitions {
  private static final String NONE = "";

  private final Map<String, String> digests = new HashMap<>();

  /**
   * Notes that a script defined {@code names}.
   *
   * @param state what {@link #mentionedBy} said of it
   */
  synchronized void add(Set<String> names, Source script, String state) {
    String digest = digest(script.name() + '\n' + state + '\n' + script.text());
    for (String name : names) {
      digests.put(name, digest);
    }
  }

  synchronized void clear() {
    digests.clear();
  }

  /** A digest of all definitions whose names occur in {@code text}; empty when none does. */
  synchronized String mentionedBy(String text) {
    if (digests.isEmpty()) {
      return NONE;
    }
    boolean escaped = text.contains("\\u");
    Map<String, String> mentioned = new TreeMap<>(escaped ? digests : Map.of());
    if (!escaped) {
      new Words(text).forEach(word -> note(mentioned, word));
    }
    return mentioned.isEmpty() ? NONE : digest(mentioned.toString());
  }

  private void note(Map<String, String> mentioned, String word) {
    String digest = digests.get(word);
    if (digest != null) {
      mentioned.put(word, digest);
    }
  }

  /** The name that a script would have to mention to use the class: its outermost simple one. */
  static String simple(String className) {
    String name = className.substring(className.lastIndexOf('.') + 1);
    int inner = name.indexOf('$', 1);
    return inner < 0 ? name : name.substring(0, inner);
  }

  private static String digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Source.hash(StandardCharsets.UTF_8, bytes));
  }
}
