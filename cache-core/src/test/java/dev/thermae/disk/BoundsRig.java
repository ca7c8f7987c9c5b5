package dev.thermae.disk;

import dev.thermae.testing.BoundsWorker;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.ZipfTrace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Several processes store far more into a folder than it may take, while {@code du} looks on.
 *
 * <pre>
 * BoundsRig FOLDER LIMIT-MB KEYS REQUESTS [PROCESSES]
 * </pre>
 */
public final class BoundsRig {
  private static final int PROCESSES = 4;

  private BoundsRig() {}

  /**
   * What came of it.
   *
   * @param most that {@code du} saw in bytes
   * @param samples of {@code du}
   * @param stored what the stored entries take in all
   * @param hitRate of all processes
   * @param leastRecent hit rate of the simulated cache
   * @param refused stores for which there was no room
   * @param wrong bodies or code that nobody wrote
   * @param complaints faults and refused files
   */
  record Outcome(
      long most,
      long samples,
      long stored,
      double hitRate,
      double leastRecent,
      long refused,
      long wrong,
      String complaints) {}

  /** Prints the outcome of the long form. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long limit = Long.parseLong(arguments[1]) << 20;
    int keys = Integer.parseInt(arguments[2]);
    int requests = Integer.parseInt(arguments[3]);
    int processes = arguments.length > 4 ? Integer.parseInt(arguments[4]) : PROCESSES;
    long start = System.nanoTime();
    Outcome outcome = run(folder, limit, keys, requests, processes);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    System.out.println(outcome);
    System.out.printf(
        Locale.ROOT,
        "%d processes stored %.1f GB into %d MB in %d s; du saw at most %.1f MB in %d looks; "
            + "hit rate %.4f, least recently used %.4f%n",
        processes,
        outcome.stored() / 1e9,
        limit >> 20,
        seconds,
        outcome.most() / 1048576.0,
        outcome.samples(),
        outcome.hitRate(),
        outcome.leastRecent());
  }

  static Outcome run(Path folder, long limit, int keys, int requests, int processes)
      throws Exception {
    List<ChildJvm> children = new ArrayList<>();
    List<CompletableFuture<Map<String, String>>> told = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        ChildJvm child = start(folder, limit, keys, requests, processes, i);
        children.add(child);
        told.add(CompletableFuture.supplyAsync(() -> listen(child)));
      }
      CompletableFuture<Void> all =
          CompletableFuture.allOf(told.toArray(new CompletableFuture<?>[0]));
      long most = 0;
      long samples = 0;
      for (boolean last = false; !last; samples++) {
        last = all.isDone();
        most = Math.max(most, allocated(folder));
        LockSupport.parkNanos(50_000_000);
      }
      return outcome(told, most, samples, new ZipfTrace(keys, requests, 1), limit);
    } finally {
      children.forEach(ChildJvm::close);
    }
  }

  private static ChildJvm start(
      Path folder, long limit, int keys, int requests, int processes, int number)
      throws IOException {
    return ChildJvm.start(
        BoundsWorker.class,
        openings(),
        Map.of(),
        folder.toString(),
        Long.toString(limit),
        Integer.toString(keys),
        Integer.toString(requests),
        "1",
        Integer.toString(number),
        Integer.toString(processes),
        number == 0 ? "own" : "do not");
  }

  /** What this JVM was told to open to Chronicle Map. */
  static List<String> openings() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add"))
        .toList();
  }

  private static Outcome outcome(
      List<CompletableFuture<Map<String, String>>> told,
      long most,
      long samples,
      ZipfTrace trace,
      long limit) {
    Map<String, Long> sums = new TreeMap<>();
    StringBuilder complaints = new StringBuilder();
    for (CompletableFuture<Map<String, String>> child : told) {
      Map<String, String> report = child.join();
      for (String figure : List.of("hits", "misses", "stored", "refused", "wrong")) {
        sums.merge(figure, Long.parseLong(report.get(figure)), Long::sum);
      }
      for (String list : List.of("faults", "rejections")) {
        complaints.append(report.get(list).replace("[]", ""));
      }
    }
    return new Outcome(
        most,
        samples,
        sums.get("stored"),
        sums.get("hits") / (double) (sums.get("hits") + sums.get("misses")),
        trace.leastRecentlyUsed(limit),
        sums.get("refused"),
        sums.get("wrong"),
        complaints.toString());
  }

  /** What {@code du} says a folder takes. */
  static long allocated(Path folder) throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    Process du =
        new ProcessBuilder("du", "-s", "-B1", folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    du.waitFor();
    return out.isEmpty() ? 0 : Long.parseLong(out.substring(0, out.indexOf('\t')));
  }

  private static Map<String, String> listen(ChildJvm child) {
    Map<String, String> report = new TreeMap<>();
    try {
      for (String line : child.finish()) {
        int space = line.indexOf(' ');
        report.put(space < 0 ? line : line.substring(0, space), line.substring(space + 1));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return report;
  }
}
