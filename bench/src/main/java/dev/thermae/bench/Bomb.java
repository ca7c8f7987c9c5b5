package dev.thermae.bench;

import java.nio.charset.StandardCharsets;
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

  private static final String FOLDED = "'" + "a".repeat(13 << 20) + "'" + "+'b'".repeat(12_000);

  private final String suffix;
  final String engine;

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
    return bomb.text(Integer.parseInt(parts[3])).getBytes(StandardCharsets.US_ASCII);
  }

  private String text(int n) {
    return switch (this) {
      case BRACKETS -> "var b" + n + " = " + "[".repeat(10 << 20);
      case FUNCTIONS -> "var f" + n + " = " + "function(){},".repeat(1_000_000) + "1";
      case FOLDING -> "var x = " + n + "+" + FOLDED;
      case DOUBLING -> doubling(n);
    };
  }

  private static String doubling(int n) {
    StringBuilder text = new StringBuilder("class A" + n + " {\nstatic final String A0 = 'aaaa'\n");
    for (int i = 1; i < 40; i++) {
      text.append("static final String A" + i + " = A" + (i - 1) + " + A" + (i - 1) + "\n");
    }
    return text.append("}\n").toString();
  }
}
