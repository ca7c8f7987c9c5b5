package dev.thermae.samples;

import dev.thermae.Compiled;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.CacheStats;
import dev.thermae.event.TimeSource;
import dev.thermae.http.CodeLoader;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.nio.file.Path;
import org.mozilla.javascript.Script;

/**
 * Loads scripts, each in an isolate of its own: nothing is in memory, everything from the folder.
 */
final class Isolate {
  private final Path folder;
  private final TimeSource time;
  private final OnReplace onReplace;

  Isolate(Path folder, TimeSource time, OnReplace onReplace) {
    this.folder = folder;
    this.time = time;
    this.onReplace = onReplace;
  }

  /** Loads, runs and exercises the script at {@code url}, and waits until what is kept is kept. */
  Visit visit(String url, ScriptLibrary library) throws IOException {
    CountingEngine<Script> engine = new CountingEngine<>(RhinoEngine.create());
    CodeLoader<Script> loader =
        CodeLoader.builder(engine).directory(folder).time(time).onReplace(onReplace).build();
    try (Stage stage = Stage.open()) {
      long start = System.nanoTime();
      Fetched fetched = loader.fetch(ResourceRequest.get(url));
      Compiled<Script> unit = loader.compile(fetched);
      long load = System.nanoTime() - start;
      long run = stage.run(unit.code());
      String result = stage.exercise(library);
      loader.cache().flush();
      CacheStats stats = loader.cache().stats();
      return new Visit(
          unit.temperature(),
          words(fetched.outcome()) + unit.why(),
          engine.compiles(),
          stats.rejected() + stats.faults() + stats.dropped(),
          unit.compileNanos(),
          load,
          run,
          result);
    } finally {
      loader.close();
    }
  }

  private static String words(Fetched.Outcome outcome) {
    return switch (outcome) {
      case FRESH -> "fresh: ";
      case REVALIDATED -> "304: ";
      case STORED -> "200: ";
      case KEPT -> "200, same bytes: ";
      case STALE -> "stale: ";
      case PASSED -> "200, not stored: ";
    };
  }
}
