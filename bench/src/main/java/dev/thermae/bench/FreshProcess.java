package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * A new JVM per shot: {@link HotShot} beside {@link FloorShot}, taken in turns. What our defaults
 * cost beyond reading, checking and restoring the same bytes must stay under 10 ms.
 */
final class FreshProcess {
  private static final double TARGET_MILLIS = 10;

  private final PrintStream out;
  private final Options options;
  private String classPath = "";

  FreshProcess(PrintStream out, Options options) {
    this.out = out;
    this.options = options;
  }

  void run() throws Exception {
    Path folder = Folders.create();
    try {
      classPath = SplitJars.classPath(folder);
      out.println("A: builder and hot load of a fresh entry with the shipped defaults");
      out.println("B: the same three files read, CRC-32 and CRC-32C over them, restore");
      out.printf(
          Locale.ROOT,
          "%d shots per side in turns, %s; medians (least to most) in ms; Rhino %s.%n%n",
          options.shots(),
          options.oneHistory() ? "all after the same" : "each pair after look-ups of its own",
          options.rhinoFirst() ? "initialised before" : "not initialised before");
      for (String script : options.scripts()) {
        Path prepared = Files.createDirectory(folder.resolve(script));
        HotEntry entry = HotEntry.prepare(classPath, prepared, script);
        for (int processors : options.processors()) {
          measure(script, entry, processors);
        }
      }
      showClasses(folder);
    } finally {
      Folders.delete(folder);
    }
  }

  private void measure(String script, HotEntry entry, int processors)
      throws IOException, InterruptedException {
    List<String> jvm =
        processors == 0 ? List.of() : List.of("-XX:ActiveProcessorCount=" + processors);
    List<Shot> hot = new ArrayList<>();
    List<Shot> floor = new ArrayList<>();
    for (int i = 0; i < options.shots(); i++) {
      int history = options.oneHistory() ? 0 : History.length(i);
      if (i % 2 == 0) {
        hot.add(fireHot(jvm, entry, history));
        floor.add(fireFloor(jvm, entry, history));
      } else {
        floor.add(fireFloor(jvm, entry, history));
        hot.add(fireHot(jvm, entry, history));
      }
    }
    out.printf(
        Locale.ROOT,
        "%s, %,d KB in three files, %s%n",
        script,
        entry.size() / 1000,
        processors == 0
            ? Runtime.getRuntime().availableProcessors() + " processors"
            : "-XX:ActiveProcessorCount=" + processors);
    print("wall", hot, floor, Shot::wall);
    print("CPU", hot, floor, Shot::cpu);
    out.println();
  }

  private Shot fireHot(List<String> jvm, HotEntry entry, int history)
      throws IOException, InterruptedException {
    return Shot.fire(
        jvm, HotShot.class, classPath, options.rhinoFirst(), entry.cache(), entry.url(), history);
  }

  private Shot fireFloor(List<String> jvm, HotEntry entry, int history)
      throws IOException, InterruptedException {
    return Shot.fire(
        jvm,
        FloorShot.class,
        classPath,
        options.rhinoFirst(),
        entry.head(),
        entry.body(),
        entry.code(),
        entry.payload(),
        entry.payloadLength(),
        history);
  }

  private void print(String what, List<Shot> hot, List<Shot> floor, ToLongFunction<Shot> figure) {
    double[] a = millis(hot, figure);
    double[] b = millis(floor, figure);
    if (b[0] < 0) {
      out.printf(Locale.ROOT, "  %-5s this system does not tell%n", what);
      return;
    }
    double difference = median(a) - median(b);
    out.printf(
        Locale.ROOT,
        "  %-5s A %s   B %s   A - B %.1f: %s %.0f ms%n",
        what,
        text(a),
        text(b),
        difference,
        difference <= TARGET_MILLIS ? "within" : "MORE THAN",
        TARGET_MILLIS);
  }

  private static double[] millis(List<Shot> shots, ToLongFunction<Shot> figure) {
    return shots.stream().mapToDouble(shot -> figure.applyAsLong(shot) / 1e6).sorted().toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String text(double[] sorted) {
    return String.format(
        Locale.ROOT, "%6.1f (%.1f to %.1f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
  }

  private void showClasses(Path folder) throws Exception {
    Path prepared = Files.createDirectory(folder.resolve("classes"));
    HotEntry entry = HotEntry.prepare(classPath, prepared, options.scripts().get(0));
    Path hot = folder.resolve("hot.log");
    Path floor = folder.resolve("floor.log");
    fireHot(List.of(LoadedClasses.option(hot)), entry, 0);
    fireFloor(List.of(LoadedClasses.option(floor)), entry, 0);
    LoadedClasses.read(hot).beyond(LoadedClasses.read(floor)).print(out, options.classes());
  }
}
