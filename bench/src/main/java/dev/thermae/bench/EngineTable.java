package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Load and first run of real programs on several engines, a new JVM for each shot, all ways in
 * turns: compiled, from an engine's own cache, and from ours.
 */
final class EngineTable {
  private static final int LONGEST = 100; // characters of a result

  private final PrintStream out;
  private final EngineTableOptions options;

  EngineTable(PrintStream out, EngineTableOptions options) {
    this.out = out;
    this.options = options;
  }

  void run() throws Exception {
    Path folder = Folders.create();
    try {
      out.printf(
          Locale.ROOT,
          "%d shots a way, in turns, each in a new JVM; medians (least to most) in ms; the engine's"
              + " own start is left out.%n",
          options.shots());
      String classPath = SplitJars.classPath(folder);
      Inputs inputs = new Inputs(out, options.inputs());
      for (Workload workload : Workload.all()) {
        if (options.takes(workload.name())) {
          measure(
              workload, inputs, classPath, Files.createDirectory(folder.resolve(workload.name())));
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private void measure(Workload workload, Inputs inputs, String classPath, Path folder)
      throws Exception {
    out.printf(Locale.ROOT, "%n%s%n", workload.title());
    byte[] source = workload.input(inputs);
    Files.write(folder.resolve(Workload.SOURCE), source);
    Times.fire(workload, EngineShot.STORE, classPath, folder, List.of());
    Map<String, List<Times>> shots = new LinkedHashMap<>();
    for (int i = 0; i < options.shots(); i++) {
      for (Workload.Peer peer : workload.peers()) {
        shoot(shots, workload, peer.mode(), classPath, folder);
      }
      shoot(shots, workload, Workload.HOT, classPath, folder);
    }
    print(workload, shots);
    long stored = stored(folder);
    out.printf(
        Locale.ROOT,
        "  source %,d bytes, stored %,d: %.2f a byte; gives %s%n",
        source.length,
        stored,
        (double) stored / source.length,
        brief(shots.get(Workload.HOT).get(0).result()));
  }

  private void shoot(
      Map<String, List<Times>> shots, Workload workload, String mode, String classPath, Path folder)
      throws Exception {
    Times times = Times.fire(workload, mode, classPath, folder, List.of());
    shots.computeIfAbsent(mode, key -> new ArrayList<>()).add(times);
    String first = shots.values().iterator().next().get(0).result();
    if (!times.result().equals(first)) {
      throw new IOException(mode + " gives " + times.result() + " and not " + first);
    }
  }

  private void print(Workload workload, Map<String, List<Times>> shots) {
    boolean loading = workload.targetsLoading();
    ToDoubleFunction<Times> figure = loading ? Times::load : Times::total;
    double ours = Times.median(shots.get(Workload.HOT), figure);
    Map<String, Double> targets = new LinkedHashMap<>();
    workload.peers().forEach(peer -> targets.put(peer.mode(), peer.target()));
    shots.forEach(
        (mode, times) -> {
          out.printf(
              Locale.ROOT,
              "  %-20s load %s   first run %s   both %s",
              mode,
              Times.text(times, Times::load),
              Times.text(times, Times::run),
              Times.text(times, Times::total));
          Double target = targets.get(mode);
          if (target != null) {
            double ratio = Times.median(times, figure) / ours;
            out.printf(Locale.ROOT, "   %.1f times%s", ratio, loading ? " (load)" : "");
            if (target > 0) {
              out.printf(
                  Locale.ROOT, ", target %.1f: %s", target, ratio >= target ? "met" : "MISSED");
            }
          }
          out.println();
        });
  }

  private static String brief(String result) {
    return result.length() <= LONGEST ? result : result.substring(0, LONGEST) + " …";
  }

  /** Bytes of the code alone: the body is the source again. */
  private static long stored(Path folder) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.walk(Workload.cache(folder))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".c")).toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
