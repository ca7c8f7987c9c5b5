package dev.thermae.samples;

import java.io.PrintStream;
import java.util.Locale;

/** Columns of text, printed row by row. */
final class Table {
  private final PrintStream out;
  private final String[] titles;
  private final int[] widths;

  /**
   * A table with these titles; a column is as wide as its number says, numbers below zero align
   * left.
   */
  Table(PrintStream out, String[] titles, int[] widths) {
    this.out = out;
    this.titles = titles.clone();
    this.widths = widths.clone();
  }

  void printTitles() {
    print(titles);
    String[] lines = new String[widths.length];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "-".repeat(Math.abs(widths[i]));
    }
    print(lines);
  }

  void print(String... cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(Math.max(0, Math.abs(widths[i]) - cells[i].length()));
      line.append(i == 0 ? "" : "  ");
      line.append(widths[i] < 0 ? cells[i] + padding : padding + cells[i]);
    }
    out.println(line.toString().stripTrailing());
    out.flush();
  }

  /** Milliseconds with one digit. */
  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
  }

  /** Milliseconds without digits. */
  static String whole(long nanos) {
    return String.format(Locale.ROOT, "%.0f", nanos / 1e6);
  }

  /** How many times {@code nanos} goes into {@code reference}. */
  static String times(long reference, long nanos) {
    return String.format(Locale.ROOT, "%.1fx", (double) reference / nanos);
  }

  /** Thousands of bytes. */
  static String size(long bytes) {
    return String.format(Locale.ROOT, "%,d KB", (bytes + 500) / 1000);
  }
}
