package dev.thermae.samples;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What it takes to compile a source again that this isolate holds in memory. */
final class IsolateHit {
  private static final int CALLS = 1_000_000;
  private static final int ROUNDS = 7;

  private final Path folder;

  IsolateHit(Path folder) {
    this.folder = folder;
  }

  /** Nanoseconds per call: the median of some rounds, after the first ones. */
  Spread measure(ScriptLibrary library) throws IOException {
    Source source = Source.of(library.name(), library.bytes(), StandardCharsets.UTF_8);
    RhinoEngine engine = RhinoEngine.create();
    VirtualTime time = new VirtualTime(0);
    try (CodeCache cache = CodeCache.builder().directory(folder).time(time).build()) {
      cache.compile(engine, source);
      time.pass(2_000);
      round(cache, engine, source);
      cache.flush();
      List<Long> rounds = new ArrayList<>();
      while (rounds.size() < ROUNDS) {
        rounds.add(round(cache, engine, source));
      }
      return Spread.of(rounds, Long::longValue);
    }
  }

  private static long round(CodeCache cache, RhinoEngine engine, Source source) {
    long start = System.nanoTime();
    int fromMemory = 0;
    for (int i = 0; i < CALLS; i++) {
      fromMemory += cache.compile(engine, source).origin() == Origin.MEMORY ? 1 : 0;
    }
    long nanos = System.nanoTime() - start;
    if (fromMemory != CALLS) {
      throw new IllegalStateException(CALLS - fromMemory + " of " + CALLS + " not from memory");
    }
    return nanos / CALLS;
  }
}
