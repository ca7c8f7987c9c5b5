package dev.thermae.bench;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A folder of many entries beside one of a thousand, each entry a head, a body and code of 2 KB:
 * what a look-up and a miss cost in turns, what the first hot load of a new process costs in turns,
 * and what the entries take. Look-ups are of a thousand entries drawn from all of them, looked up
 * before, so that what is compared is the folder and not the disk.
 */
final class Scale {
  private static final int FEW = 1_000;
  private static final int CODE = 2_048;
  private static final int ROUNDS = 101;
  private static final int WARM_UP = 30;
  private static final int SHOTS = 21;
  private static final long ROUND_NANOS = 10_000_000;

  private final PrintStream out;
  private final int many;
  private long sink;

  Scale(PrintStream out, int many) {
    this.out = out;
    this.many = many;
  }

  void run() throws Exception {
    Path folder = Folders.create();
    try {
      String classPath = SplitJars.classPath(folder);
      Path small = Files.createDirectory(folder.resolve("few"));
      Path large = Files.createDirectory(folder.resolve("many"));
      HotEntry smallHot = HotEntry.prepare(classPath, small, "moment");
      HotEntry largeHot = HotEntry.prepare(classPath, large, "moment");
      fill(smallHot.cache(), FEW);
      String before = disk(folder);
      fill(largeHot.cache(), many);
      out.printf(Locale.ROOT, "disk before %,d entries: %s%n", many, before);
      out.printf(Locale.ROOT, "disk after them:   %s%n", disk(folder));
      out.printf(Locale.ROOT, "their folder:      %s%n%n", usage(largeHot.cache()));
      lookUps(smallHot.cache(), largeHot.cache());
      shots(classPath, smallHot, largeHot);
    } finally {
      out.println("deleting");
      new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
    }
  }

  private void fill(Path cache, int count) throws Exception {
    long start = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (StoredCode store = StoredCode.open(cache, CODE)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t;
        parts.add(
            pool.submit(
                () -> {
                  for (int i = first; i < count; i += threads) {
                    store.store(i);
                  }
                  return null;
                }));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      pool.shutdown();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    out.printf(Locale.ROOT, "%,d entries stored in %.0f s%n", count, seconds);
  }

  private static String disk(Path folder) throws Exception {
    return run("df", "--output=used,iused", "-k", folder.toString())
            .lines()
            .skip(1)
            .map(line -> line.trim().replaceAll(" +", " KB, "))
            .findFirst()
            .orElse("unknown")
        + " inodes";
  }

  private static String usage(Path folder) throws Exception {
    String blocks = run("du", "-sk", folder.toString()).split("\t", -1)[0];
    String inodes = run("du", "-s", "--inodes", folder.toString()).split("\t", -1)[0];
    return blocks + " KB in blocks, " + inodes + " inodes";
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private void lookUps(Path few, Path lots) throws IOException {
    try (DiskStore small = open(few);
        DiskStore large = open(lots)) {
      String[] ofFew = keys(FEW);
      String[] ofMany = keys(many);
      double[] a = new double[ROUNDS];
      double[] b = new double[ROUNDS];
      double[] missFew = new double[ROUNDS];
      double[] missMany = new double[ROUNDS];
      for (int i = -WARM_UP; i < ROUNDS; i++) {
        boolean turn = (i & 1) == 0;
        double first = round(turn ? small : large, turn ? ofFew : ofMany, "");
        double second = round(turn ? large : small, turn ? ofMany : ofFew, "");
        double third = round(small, ofFew, "?missing");
        double fourth = round(large, ofMany, "?missing");
        if (i >= 0) {
          a[i] = turn ? first : second;
          b[i] = turn ? second : first;
          missFew[i] = third;
          missMany[i] = fourth;
        }
      }
      print("a look-up", a, b, "1.3");
      print("a miss", missFew, missMany, "5 µs");
      out.println();
    }
    out.println(sink == 0 ? "nothing was found" : "");
  }

  private static DiskStore open(Path cache) throws IOException {
    return DiskStore.open(
        cache, Seal.checksum(), new Counters(null), TimeSource.SYSTEM, StoredCode.ROOMY);
  }

  private static String[] keys(int count) {
    String[] keys = new String[FEW];
    Random random = new Random(7);
    for (int i = 0; i < FEW; i++) {
      int number = count == FEW ? i : random.nextInt(count);
      keys[i] = StoredCode.key(number);
    }
    return keys;
  }

  private double round(DiskStore store, String[] keys, String more) {
    String[] asked = new String[keys.length];
    for (int i = 0; i < keys.length; i++) {
      asked[i] = keys[i] + more;
    }
    long start = System.nanoTime();
    long end = start;
    int count = 0;
    while (end - start < ROUND_NANOS) {
      for (int i = 0; i < 32; i++) {
        boolean found = store.find(asked[count++ % asked.length], null) != null;
        if (found != more.isEmpty()) {
          throw new IllegalStateException("found: " + found);
        }
        sink += found ? 1 : 0;
      }
      end = System.nanoTime();
    }
    return (end - start) / 1000.0 / count;
  }

  private void shots(String classPath, HotEntry small, HotEntry large) throws Exception {
    double[] a = new double[SHOTS];
    double[] b = new double[SHOTS];
    for (int i = 0; i < SHOTS; i++) {
      HotEntry first = i % 2 == 0 ? small : large;
      HotEntry second = i % 2 == 0 ? large : small;
      double one = shot(classPath, first, i);
      double two = shot(classPath, second, i);
      a[i] = i % 2 == 0 ? one : two;
      b[i] = i % 2 == 0 ? two : one;
    }
    print("first hot load", a, b, "1.1");
  }

  private static double shot(String classPath, HotEntry entry, int number) throws Exception {
    Shot shot =
        Shot.fire(
            List.of(),
            HotShot.class,
            classPath,
            true,
            entry.cache(),
            entry.url(),
            History.length(number));
    return shot.wall() / 1000.0;
  }

  private void print(String what, double[] few, double[] lots, String line) {
    double[] ratios = new double[few.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = lots[i] / few[i];
    }
    out.printf(
        Locale.ROOT,
        "%-15s %,d: %.1f µs; %,d: %.1f µs; ratio of medians %.2f, of pairs %.2f (%.2f to %.2f);"
            + " the line: %s%n",
        what,
        FEW,
        quantile(few, 0.5),
        many,
        quantile(lots, 0.5),
        quantile(lots, 0.5) / quantile(few, 0.5),
        quantile(ratios, 0.5),
        quantile(ratios, 0.25),
        quantile(ratios, 0.75),
        line);
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
