package dev.thermae.samples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Expectations that were not met. */
final class Findings {
  private final List<String> unmet = new ArrayList<>();
  private int checked;

  /** Checks that {@code what} is as expected. */
  void check(String what, Object expected, Object actual) {
    checked++;
    if (!expected.equals(actual)) {
      unmet.add(what + ": expected " + expected + ", found " + actual);
    }
  }

  /** Checks that two long texts are equal. */
  void checkText(String what, String expected, String actual) {
    checked++;
    if (!expected.equals(actual)) {
      unmet.add(what + ": differs" + Reference.difference(expected, actual));
    }
  }

  /** Prints all of them, and returns whether there were none. */
  boolean report(PrintStream out) {
    for (String text : unmet) {
      out.println("NOT AS EXPECTED: " + text);
    }
    out.println(
        unmet.isEmpty()
            ? "All " + checked + " expectations were met."
            : unmet.size() + " of " + checked + " expectations were not met.");
    return unmet.isEmpty();
  }
}
