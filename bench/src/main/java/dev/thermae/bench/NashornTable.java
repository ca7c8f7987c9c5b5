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

/**
 * Our cache on Rhino beside Nashorn's persistent code cache: load and first run of libraries in new
 * JVMs, all ways in turns, and what they take on disk.
 */
final class NashornTable {
  /** What is measured unless told otherwise. */
  static final List<String> SCRIPTS =
      List.of("lodash", "moment", "handlebars", "acorn", "typescript");

  /** Guessed types may never settle. */
  private static final int MOST_FILLINGS = 6;

  private final PrintStream out;
  private final int shots;
  private final List<String> scripts;
  private final Map<String, Boolean> held = new LinkedHashMap<>();

  NashornTable(PrintStream out, int shots, List<String> scripts) {
    this.out = out;
    this.shots = shots;
    this.scripts = scripts;
  }

  /** All that a shot can be told to run for this table. */
  static List<Workload> workloads() {
    List<Workload> all = new ArrayList<>();
    for (String script : SCRIPTS) {
      all.add(RhinoWorkload.library(script));
      for (NashornWorkload.Mode mode : NashornWorkload.Mode.values()) {
        all.add(new NashornWorkload(script, mode));
      }
    }
    return all;
  }

  /** One column of figures: who runs, and where its cache lies. */
  private record Way(
      String title,
      Workload workload,
      String mode,
      Path cache,
      List<Times> fills,
      List<Times> shots) {
    Way(String title, Workload workload, String mode, Path cache) {
      this(title, workload, mode, cache, new ArrayList<>(), new ArrayList<>());
    }

    Times fire(String classPath, Path folder) throws IOException, InterruptedException {
      String where = "-D" + NashornWorkload.FOLDER + "=" + cache;
      return Times.fire(workload, mode, classPath, folder, List.of(where));
    }

    double total() {
      return Times.median(shots, Times::total);
    }
  }

  void run() throws Exception {
    Path folder = Folders.create();
    try {
      out.printf(
          Locale.ROOT,
          "%d shots a way, in turns, each in a new JVM; medians (least to most) in ms; the engine's"
              + " own start is left out; disk in KB: blocks, and lengths of files.%n",
          shots);
      String classPath = SplitJars.classPath(folder);
      for (String script : scripts) {
        Path own = Files.createDirectory(folder.resolve(script));
        measure(script, classPath, own);
        Folders.delete(own);
      }
      out.println();
      held.forEach(
          (ours, all) ->
              out.printf(
                  Locale.ROOT,
                  "%s %s%n",
                  ours,
                  all ? "holds in every row" : "does NOT hold everywhere"));
    } finally {
      Folders.delete(folder);
    }
  }

  private void measure(String script, String classPath, Path folder) throws Exception {
    Workload rhino = RhinoWorkload.library(script);
    byte[] source = rhino.input(new Inputs(out, folder));
    Files.write(folder.resolve(Workload.SOURCE), source);
    Times.fire(rhino, EngineShot.STORE, classPath, folder, List.of());
    List<Way> ours = ours(rhino, folder);
    List<Way> peers = peers(script, classPath, folder);
    List<Way> ways = new ArrayList<>(ours);
    ways.addAll(peers);
    for (int i = 0; i < shots; i++) {
      for (Way way : ways) {
        way.shots.add(way.fire(classPath, folder));
      }
    }
    check(ways);
    String gives = ways.get(0).shots.get(0).result();
    out.printf(Locale.ROOT, "%n%s, %,d bytes; gives %s%n", script, source.length, gives);
    Map<Way, DiskUse> disk = new LinkedHashMap<>();
    for (Way way : ways) {
      disk.put(way, DiskUse.of(way.cache));
      print(way, disk.get(way), source.length);
    }
    for (Way own : ours) {
      boolean holds = true;
      for (Way peer : peers) {
        holds &= compare(own, disk.get(own), peer, disk.get(peer));
      }
      held.merge(own.title, holds, Boolean::logicalAnd);
    }
  }

  private static List<Way> ours(Workload rhino, Path folder) {
    String deflated = RhinoWorkload.DEFLATED;
    String classFiles = RhinoWorkload.CLASS_FILES;
    return List.of(
        new Way("Thermae, default", rhino, Workload.HOT, Workload.cache(folder)),
        new Way(deflated, rhino, deflated, RhinoWorkload.deflated(folder)),
        new Way(classFiles, rhino, classFiles, RhinoWorkload.classFiles(folder)));
  }

  private List<Way> peers(String script, String classPath, Path folder) throws Exception {
    List<Way> peers = new ArrayList<>();
    for (NashornWorkload.Mode mode : NashornWorkload.Mode.values()) {
      Workload nashorn = new NashornWorkload(script, mode);
      Path cache = Files.createDirectory(folder.resolve(mode.name()));
      Way way = new Way(nashorn.title(), nashorn, "cached", cache);
      try {
        fill(way, classPath, folder);
        peers.add(way);
      } catch (IOException e) {
        out.printf(Locale.ROOT, "%n%s does not run %s: %s%n", way.title, script, e.getMessage());
      }
    }
    return peers;
  }

  /** Processes that fill the cache, until one adds nothing. */
  private void fill(Way way, String classPath, Path folder) throws Exception {
    DiskUse before = new DiskUse(0, 0, 0, 0);
    for (int i = 0; i < MOST_FILLINGS; i++) {
      way.fills.add(way.fire(classPath, folder));
      DiskUse after = DiskUse.of(way.cache);
      if (after.equals(before)) {
        return;
      }
      before = after;
    }
  }

  private static void check(List<Way> ways) throws IOException {
    String first = ways.get(0).shots.get(0).result();
    for (Way way : ways) {
      for (Times times : way.shots) {
        if (!times.result().equals(first)) {
          throw new IOException(way.title + " gives " + times.result() + " and not " + first);
        }
      }
    }
  }

  private void print(Way way, DiskUse disk, int source) {
    out.printf(
        Locale.ROOT,
        "  %-20s load %s   first run %s   both %s   disk %,d, %,d in %,d files, %.1f a byte",
        way.title,
        Times.text(way.shots, Times::load),
        Times.text(way.shots, Times::run),
        Times.text(way.shots, Times::total),
        disk.allocated() / 1024,
        disk.logical() / 1024,
        disk.files(),
        (double) disk.allocated() / source);
    if (disk.code() > 0) {
      out.printf(Locale.ROOT, ", of it code %,d", disk.code() / 1024);
    }
    if (!way.fills.isEmpty()) {
      out.print("; filled in");
      way.fills.forEach(times -> out.printf(Locale.ROOT, " %,.0f", times.total()));
    }
    out.println();
  }

  private boolean compare(Way ours, DiskUse disk, Way peer, DiskUse other) {
    boolean faster = ours.total() < peer.total();
    boolean smaller = disk.allocated() < other.allocated() && disk.logical() < other.logical();
    out.printf(
        Locale.ROOT,
        "  %s beside %s: %.1f times its time, %s; %.1f times its disk, %s%n",
        peer.title,
        ours.title,
        peer.total() / ours.total(),
        faster ? "holds" : "DOES NOT HOLD",
        (double) other.allocated() / disk.allocated(),
        smaller ? "holds" : "DOES NOT HOLD");
    return faster && smaller;
  }
}
