package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;

/** Loads one source and ends, in one of several ways, without closing the cache. */
public final class ShortProgram {
  private ShortProgram() {}

  /** What it loads. */
  public static Source source() {
    return Source.of("short.txt", "a short program\n".repeat(100_000));
  }

  /** Arguments: how to end, and the folder, which may be left to the defaults. */
  @SuppressWarnings("MustBeClosedChecker")
  public static void main(String[] arguments) {
    CodeCacheBuilder builder = CodeCache.builder().policy(CachePolicy.eager());
    if (arguments.length > 1) {
      builder.directory(Path.of(arguments[1]));
    }
    CodeCache cache = builder.build();
    Source source = source();
    TextEngine engine = new TextEngine();
    if (arguments[0].equals("interrupted")) {
      Thread.currentThread().interrupt();
    }
    var unit = cache.compile(engine, source);
    if (!unit.code().run().equals(TextUnit.run(source.text()))) {
      throw new AssertionError("a wrong result");
    }
    ChildJvm.say(unit.temperature() + " " + Thread.currentThread().isInterrupted());
    if (arguments[0].equals("exit")) {
      System.exit(0);
    }
  }
}
