package dev.thermae.bench;

import java.io.IOException;
import java.io.InputStream;

/**
 * What happened in a JVM before it is measured: more or fewer look-ups on the class path.
 *
 * <p>The JIT looks at a method whenever its count of calls passes a multiple of a power of two. In
 * a stretch of ten milliseconds it is luck whether methods that all class loading goes through pass
 * one, and it costs three milliseconds of CPU. Shots with histories of different lengths, the same
 * on both sides, spread that luck; without them every shot of a series has the same.
 */
final class History {
  /** Counts are looked at every 128 calls in the interpreter, every 1,024 in code of the C1. */
  private static final int LENGTHS = 256;

  private static final int STEP = 53;
  private static final String[] NAMES = {"Context", "Parser", "Interpreter", "NativeArray"};

  private History() {}

  /** The length for a shot: all from 0 to 255 come up, far from the last one each time. */
  static int length(int shot) {
    return shot * STEP % LENGTHS;
  }

  /** Looks {@code length} classes up as a class loader does, without defining any. */
  static void pass(int length) throws IOException {
    for (int i = 0; i < length; i++) {
      String name = "org/mozilla/javascript/" + NAMES[i % NAMES.length] + ".class";
      try (InputStream in = History.class.getClassLoader().getResourceAsStream(name)) {
        if (in == null || in.read() < 0) {
          throw new IOException("not on the class path: " + name);
        }
      }
    }
  }
}
