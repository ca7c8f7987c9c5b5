package dev.thermae.bench;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.event.Origin;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Something real that is loaded and run in a new JVM, with our cache and without.
 *
 * <p>A folder holds the input as {@link #SOURCE}, and what the caches made of it.
 */
abstract class Workload {
  /** Our own cache, hot. */
  static final String HOT = "Thermae, hot";

  private static final int PIECE = 1 << 16;

  /** The input's file. */
  static final String SOURCE = "source";

  /** All of them, in the order of the table. */
  static List<Workload> all() {
    return List.of(
        new SqliteWorkload(),
        new ThreeWorkload(),
        new JavacWorkload(),
        new JaninoWorkload(),
        new CodeNarcWorkload(),
        V8Workload.babel(),
        V8Workload.typescript(),
        RhinoWorkload.typescript(),
        RhinoWorkload.transpile());
  }

  /** By its name, those of {@link NashornTable} too. */
  static Workload named(String name) {
    for (Workload each : all()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    for (Workload each : NashornTable.workloads()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException("there is no workload called " + name);
  }

  /** A word. */
  abstract String name();

  /** What it is, for the table. */
  abstract String title();

  /** The ways beside ours, each with how many times longer it must take at least; 0 for none. */
  abstract List<Peer> peers();

  /** Another way, and the least ratio to ours. */
  record Peer(String mode, double target) {}

  /** The bytes that are loaded; called where time does not matter. */
  abstract byte[] input(Inputs inputs) throws Exception;

  /** Whether the target is about loading alone, not about load and first run. */
  boolean targetsLoading() {
    return false;
  }

  /** The engine's own start, which no cache spares. */
  void initialise() throws Exception {}

  /** Loads in one of the ways; what is loaded can run. */
  abstract Object load(String mode, Path folder) throws Exception;

  /** Runs what was loaded once; gives something that tells whether it did. */
  abstract String run(Object loaded) throws Exception;

  /** Fills the caches of all ways. */
  abstract void store(Path folder) throws Exception;

  static Path cache(Path folder) {
    return folder.resolve("cache");
  }

  /** In pieces that the JDK reads into memory it has; of megabytes at once takes twice the time. */
  static byte[] read(Path folder) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(folder.resolve(SOURCE).toFile(), "r")) {
      byte[] bytes = new byte[(int) in.length()];
      for (int at = 0; at < bytes.length; at += PIECE) {
        in.readFully(bytes, at, Math.min(PIECE, bytes.length - at));
      }
      return bytes;
    }
  }

  Source source(Path folder) throws IOException {
    return Source.of(name(), read(folder), StandardCharsets.UTF_8);
  }

  /** A hot load with the shipped defaults. */
  <C> C hot(Engine<C> engine, Path folder) throws IOException {
    return hot(engine, folder, cache(folder));
  }

  /** The same from another cache than the folder's. */
  @SuppressWarnings("try") // ends with the process
  <C> C hot(Engine<C> engine, Path folder, Path directory) throws IOException {
    CodeCache cache = CodeCache.builder().directory(directory).build();
    Compiled<C> unit = cache.compile(engine, source(folder));
    if (unit.origin() != Origin.RESTORED) {
      throw new IllegalStateException("not hot: " + unit);
    }
    return unit.code();
  }

  <C> void fill(Engine<C> engine, Path folder) throws IOException {
    fill(engine, folder, cache(folder));
  }

  <C> void fill(Engine<C> engine, Path folder, Path directory) throws IOException {
    try (CodeCache cache =
        CodeCache.builder().directory(directory).policy(CachePolicy.eager()).build()) {
      cache.compile(engine, source(folder));
    }
  }
}
