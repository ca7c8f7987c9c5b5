package dev.thermae.samples;

import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.TimeSource;
import dev.thermae.http.CodeLoader;
import dev.thermae.policy.CachePolicy;
import dev.thermae.samples.FreshJvm.Times;
import dev.thermae.samples.FreshJvm.Way;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mozilla.javascript.Script;

/** Hot against cold, every measurement in a fresh JVM, the ways taken in turns. */
final class FreshTable {
  private static final int LARGE = 200_000;

  private final PrintStream out;
  private final Path folder;
  private final int rounds;

  FreshTable(PrintStream out, Path folder, int rounds) {
    this.out = out;
    this.folder = folder;
    this.rounds = rounds;
  }

  void show(List<ScriptLibrary> libraries) throws Exception {
    Table table =
        new Table(
            out,
            new String[] {
              "script",
              "size",
              "default ms",
              "interpreted ms",
              "hot ms",
              "= load",
              "+ run",
              "default/hot",
              "interpreted/hot",
              "target"
            },
            new int[] {-14, 8, 22, 22, 22, 7, 7, 11, 15, -20});
    table.printTitles();
    try (Origin origin = new Origin(86_400, TimeSource.SYSTEM)) {
      for (ScriptLibrary library : libraries) {
        byte[] body = library.bytes();
        Path file = folder.resolve(library.name() + ".js");
        Files.write(file, body);
        String path = "/" + library.name() + ".js";
        origin.publish(path, body, "only");
        fill(origin.url(path));
        print(table, library, body.length, measure(file, origin.url(path)));
      }
    }
  }

  /** Stores the script and, at the first load, its code. */
  private void fill(String url) throws IOException {
    try (CodeLoader<Script> loader =
        CodeLoader.builder(RhinoEngine.create())
            .directory(cache())
            .policy(CachePolicy.eager())
            .build()) {
      loader.load(url);
    }
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private Measured measure(Path file, String url) throws IOException, InterruptedException {
    Measured all = new Measured(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int round = 0; round < rounds; round++) {
      for (Way way : Way.values()) {
        Times times =
            ChildJvm.ask(
                FreshJvm.class,
                Times::readFrom,
                way.name(),
                file.toString(),
                cache().toString(),
                url);
        all.of(way).add(times);
      }
    }
    return all;
  }

  /** What was measured, by way. */
  private record Measured(List<Times> compiled, List<Times> interpreted, List<Times> hot) {
    List<Times> of(Way way) {
      return switch (way) {
        case DEFAULT -> compiled;
        case INTERPRETED -> interpreted;
        case HOT -> hot;
      };
    }
  }

  private static void print(Table table, ScriptLibrary library, int size, Measured all) {
    Spread compiled = Spread.of(all.compiled(), Times::total);
    Spread interpreted = Spread.of(all.interpreted(), Times::total);
    Spread hot = Spread.of(all.hot(), Times::total);
    double overDefault = (double) compiled.median() / hot.median();
    double overInterpreted = (double) interpreted.median() / hot.median();
    table.print(
        library.name(),
        Table.size(size),
        compiled.text(),
        interpreted.text(),
        hot.text(),
        Table.millis(Spread.of(all.hot(), Times::ready).median()),
        Table.millis(Spread.of(all.hot(), Times::run).median()),
        times(overDefault),
        times(overInterpreted),
        target(library, size, overDefault, overInterpreted));
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.1fx", ratio);
  }

  private static String target(ScriptLibrary library, int size, double first, double second) {
    if (size < LARGE) {
      return "";
    }
    boolean isLargest = library.name().equals("typescript");
    double overDefault = isLargest ? 7 : 3;
    double overInterpreted = isLargest ? 5 : 1.5;
    String wanted = String.format(Locale.ROOT, "%.0fx, %.1fx: ", overDefault, overInterpreted);
    return wanted + (first >= overDefault && second >= overInterpreted ? "met" : "missed");
  }
}
