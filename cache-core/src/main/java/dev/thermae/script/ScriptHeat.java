package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;

/**
 * How long one unit was interpreted, and the class files it goes on with after that: interpreter
 * code is there at once, class files run loops several times faster. It does not hold the unit.
 * Thread-safe.
 */
final class ScriptHeat {
  /** Nanoseconds after which class files pay, roughly what making them takes. */
  private static final long HOT_NANOS = 200_000_000;

  private final CodeCache cache;
  private final Source source;
  private final int line;
  private volatile long interpreted;
  private volatile @Nullable Script compiled;

  ScriptHeat(CodeCache cache, Source source, int line) {
    this.cache = cache;
    this.source = source;
    this.line = line;
  }

  long nanos() {
    return cache.time().nanos();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // a lost addition makes it hot a little later
  void add(long nanos) {
    interpreted += nanos;
  }

  /** Class files, made by {@code context} as Rhino's engine would; null while it is not hot. */
  @Nullable Script compiled(Context context) {
    Script known = compiled;
    return known != null || interpreted < HOT_NANOS ? known : compile(context);
  }

  private synchronized Script compile(Context context) {
    Script known = compiled;
    if (known == null) {
      long start = nanos();
      known = context.compileString(source.text(), source.name(), line, null);
      cache.counters().onCompile(source.name(), nanos() - start);
      compiled = known;
    }
    return known;
  }
}
