package dev.thermae.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Results without a cache: what Rhino alone says, in its default mode and with its interpreter. */
final class Reference {
  private Reference() {}

  /**
   * What the exercise returns for this body.
   *
   * @throws IllegalStateException when Rhino's own two modes disagree
   */
  static String result(ScriptLibrary library, byte[] body) throws IOException {
    String text = new String(body, StandardCharsets.UTF_8);
    String compiled = result(library, text, false);
    String interpreted = result(library, text, true);
    if (!compiled.equals(interpreted)) {
      throw new IllegalStateException(
          library.name() + ": Rhino's two modes disagree" + difference(compiled, interpreted));
    }
    return compiled;
  }

  private static String result(ScriptLibrary library, String text, boolean interpreted)
      throws IOException {
    try (Stage stage = Stage.open()) {
      stage.run(stage.compile(text, library.name(), interpreted));
      return stage.exercise(library);
    }
  }

  /** Where two texts differ first. */
  static String difference(String expected, String actual) {
    int at = 0;
    int end = Math.min(expected.length(), actual.length());
    while (at < end && expected.charAt(at) == actual.charAt(at)) {
      at++;
    }
    return " at character " + at + ": " + from(expected, at) + " | " + from(actual, at);
  }

  private static String from(String text, int at) {
    String excerpt = text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 60));
    return excerpt.replace("\n", "\\n");
  }
}
