package dev.thermae.testing;

/** A "compiled" text; running it tells everything about the text that a test needs to compare. */
public record TextUnit(String text) {
  /** The result, from the unit alone. */
  public String run() {
    return run(text);
  }

  /** What running a unit of {@code text} must give. */
  public static String run(String text) {
    int end = Math.min(20, text.length());
    return text.length() + " " + text.hashCode() + " " + text.substring(0, end);
  }
}
