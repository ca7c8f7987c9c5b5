package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Waited;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import dev.thermae.store.StoredEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A process that loads what it is told to, at the moment it is told to, in a fresh isolate each
 * time. A line names the load: {@code stored} or {@code bare}, the number of the source, {@code
 * short}, {@code long}, or {@code nested} for what its compile does; the next line starts it. It
 * tells the moment a compile starts, and in the end what it had to do.
 */
public final class FlightProgram {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final Path folder;
  private final Patience patience;
  private final TextEngine engine = new TextEngine();

  private FlightProgram(Path folder, Patience patience) {
    this.folder = folder;
    this.patience = patience;
  }

  /** Arguments: folder, {@code unlimited} or {@code expected}. */
  public static void main(String[] arguments) throws IOException {
    Patience patience =
        arguments[1].equals("unlimited") ? Patience.unlimited() : Patience.asExpected();
    FlightProgram program = new FlightProgram(Path.of(arguments[0]), patience);
    program.round("bare", (int) -ProcessHandle.current().pid(), "short", false);
    ChildJvm.say("up");
    for (String line = program.in.readLine(); line != null; line = program.in.readLine()) {
      String[] words = line.split(" ", -1);
      program.round(words[0], Integer.parseInt(words[1]), words[2], true);
    }
  }

  /** The key of the resource that holds a source. */
  public static String key(int number) {
    return "url \nhttps://example.org/flight/" + number;
  }

  /** Source {@code number}: long enough for every policy. */
  public static Source source(int number) {
    return Source.of(number + ".txt", ("flight " + number + '\n').repeat(200));
  }

  private void round(String kind, int number, String compile, boolean awaited) throws IOException {
    int before = engine.compiles();
    try (CodeCache cache =
        CodeCache.builder()
            .directory(folder)
            .policy(CachePolicy.eager())
            .waitForOthers(patience)
            .build()) {
      if (awaited) {
        engine.whileCompiling(source -> compiling(cache, number, compile));
      }
      if (awaited) {
        ChildJvm.say("ready");
        in.readLine();
      }
      long start = System.nanoTime();
      Compiled<TextUnit> unit = load(cache, kind, number);
      long micros = (System.nanoTime() - start) / 1_000;
      String right = TextUnit.run(source(number).text());
      if (!unit.code().run().equals(right) || !engine.foreign().isEmpty()) {
        throw new AssertionError("a wrong result for " + number);
      }
      if (awaited) {
        ChildJvm.say(
            String.format(
                Locale.ROOT,
                "done %s %d %d %s %d",
                unit.origin(),
                engine.compiles() - before,
                micros,
                outcome(cache),
                cache.stats().faults()));
      }
    }
  }

  private Compiled<TextUnit> load(CodeCache cache, String kind, int number) {
    StoredEntry entry = kind.equals("stored") ? cache.store().find(key(number), null) : null;
    return cache.compile(engine, source(number), Shape.SCRIPT, entry);
  }

  private static String outcome(CodeCache cache) {
    String outcome = "NONE";
    for (Waited one : Waited.values()) {
      if (cache.stats().waited(one) > 0) {
        outcome = one.name();
      }
    }
    return outcome;
  }

  /** Long compiles last until somebody says so; nested ones need the other of two sources. */
  private void compiling(CodeCache cache, int number, String compile) {
    ChildJvm.say("compiling");
    try {
      if (compile.equals("long")) {
        in.readLine();
      } else if (compile.equals("nested")) {
        in.readLine();
        engine.whileCompiling(source -> {});
        cache.compile(engine, source(number ^ 1));
      } else {
        work();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a compile of a few milliseconds does. */
  private static void work() {
    long end = System.nanoTime() + 3_000_000;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }
}
