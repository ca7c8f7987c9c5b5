package dev.thermae.script;

import java.util.function.Consumer;

/** The identifiers in a text, wherever they stand; split at {@code $} too. Immutable. */
final class Words {
  private final String text;

  Words(String text) {
    this.text = text;
  }

  void forEach(Consumer<String> seen) {
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean part =
          i < text.length()
              && text.charAt(i) != '$'
              && Character.isJavaIdentifierPart(text.charAt(i));
      if (part && start < 0) {
        start = i;
      } else if (!part && start >= 0) {
        seen.accept(text.substring(start, i));
        start = -1;
      }
    }
  }
}
