package dev.thermae.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Sources that are made to take all the time or memory that a compiler has. */
enum Bomb {
  /** 10 MB of nested brackets. */
  BRACKETS("js", "rhino"),
  /** A million functions. */
  FUNCTIONS("js", "rhino"),
  /** Constants that a compiler folds thousands of times, megabytes each. */
  FOLDING("js", "rhino"),
  /** Constants of which each is twice the one before, as long as an endless macro. */
  DOUBLING("groovy", "groovy");

  private final String suffix;
  final String engine;
  private byte[] rest;

  Bomb(String suffix, String engine) {
    this.suffix = suffix;
    this.engine = engine;
  }

  /** Where the {@code n}th one is: none is asked for twice, since bombs are remembered. */
  String path(int n) {
    return "/bomb/" + name().toLowerCase(Locale.ROOT) + '/' + n + '.' + suffix;
  }

  /** The source at a path that {@link #path} made. */
  static byte[] source(String path) {
    String[] parts = path.split("[/.]", -1);
    Bomb bomb = valueOf(parts[2].toUpperCase(Locale.ROOT));
    byte[] first = bomb.beginning(Integer.parseInt(parts[3])).getBytes(StandardCharsets.US_ASCII);
    byte[] rest = bomb.rest();
    byte[] all = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, all, first.length, rest.length);
    return all;
  }

  /** What makes each one another source. */
  private String beginning(int n) {
    return this == DOUBLING ? "class A" + n + " {\n" : "var b" + n + " = ";
  }

  /** What they have in common, made once: who measures should have little to do. */
  private synchronized byte[] rest() {
    if (rest == null) {
      rest = text().getBytes(StandardCharsets.US_ASCII);
    }
    return rest;
  }

  private String text() {
    return switch (this) {
      case BRACKETS -> "[".repeat(10 << 20);
      case FUNCTIONS -> "function(){},".repeat(1_000_000) + "1";
      case FOLDING -> "'" + "a".repeat(13 << 20) + "'" + "+'b'".repeat(12_000);
      case DOUBLING -> doubling();
    };
  }

  private static String doubling() {
    StringBuilder text = new StringBuilder("static final String A0 = 'aaaa'\n");
    for (int i = 1; i < 40; i++) {
      text.append("static final String A" + i + " = A" + (i - 1) + " + A" + (i - 1) + "\n");
    }
    return text.append("}\n").toString();
  }
}
