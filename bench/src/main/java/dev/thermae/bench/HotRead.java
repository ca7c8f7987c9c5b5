package dev.thermae.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A hot read, in turns with its floor in the same process: rounds of some milliseconds each, and of
 * every pair the ratio, so that what else the machine does hits both.
 */
final class HotRead {
  private static final int ROUNDS = 201;
  private static final int WARM_UP = 60;
  private static final int BYTES = 32 << 20;
  private static final long ROUND_NANOS = 10_000_000;

  private final PrintStream out;
  private final int[] sizes;
  private long sink;

  HotRead(PrintStream out, int... sizes) {
    this.out = out;
    this.sizes = sizes;
  }

  /** What is measured; one call is one read. */
  private interface Read {
    byte[] read(int number) throws IOException;
  }

  void run() throws IOException {
    out.println("ours:     find by key, read the code, check all of it, hand it over");
    out.println("floor:    open, read, CRC-32 and CRC-32C over the same two files, head and code");
    out.println("code only: the same of the code's file alone, which is less than what ours does");
    out.printf(
        Locale.ROOT, "%d rounds of %d ms each in turns%n%n", ROUNDS, ROUND_NANOS / 1_000_000);
    out.println(
        "| code | ours | floor | ours / floor (quartiles) | ours / code only (quartiles) |");
    out.println("|---|---|---|---|---|");
    for (int size : sizes) {
      Path folder = Folders.create();
      try (StoredCode store = StoredCode.open(folder, size)) {
        measure(store, folder, size);
      } finally {
        Folders.delete(folder);
      }
    }
    out.println();
    out.println("The line: at 20 KB at most 1.3 times the floor. (" + (sink & 1) + ")");
  }

  private void measure(StoredCode store, Path folder, int size) throws IOException {
    int count = Math.max(8, Math.min(256, BYTES / size));
    List<StoredCode.Unit> units = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      units.add(store.store(i));
    }
    List<StoredFiles> files = StoredFiles.in(folder);
    Read ours = i -> store.read(units.get(i % count));
    Read floor =
        i -> {
          byte[] head = FileFloor.read(files.get(i % count).head());
          byte[] code = FileFloor.read(files.get(i % count).code());
          sink += FileFloor.check(head) + FileFloor.check(code);
          return code;
        };
    Read codeOnly =
        i -> {
          byte[] code = FileFloor.read(files.get(i % count).code());
          sink += FileFloor.check(code);
          return code;
        };
    double[][] nanos = new double[3][ROUNDS];
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      for (int k = 0; k < 3; k++) {
        int side = (k + i + WARM_UP) % 3;
        double took = round(side == 0 ? ours : side == 1 ? floor : codeOnly);
        if (i >= 0) {
          nanos[side][i] = took;
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "| %,d bytes | %.1f µs | %.1f µs | %s | %s |%n",
        size,
        quantile(nanos[0], 0.5) / 1000,
        quantile(nanos[1], 0.5) / 1000,
        ratio(nanos[0], nanos[1]),
        ratio(nanos[0], nanos[2]));
  }

  private double round(Read read) throws IOException {
    long start = System.nanoTime();
    int count = 0;
    long end = start;
    while (end - start < ROUND_NANOS) {
      for (int i = 0; i < 16; i++) {
        sink += read.read(count++).length;
      }
      end = System.nanoTime();
    }
    return (double) (end - start) / count;
  }

  private static String ratio(double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ours[i] / theirs[i];
    }
    return String.format(
        Locale.ROOT,
        "%.2f (%.2f to %.2f)",
        quantile(ratios, 0.5),
        quantile(ratios, 0.25),
        quantile(ratios, 0.75));
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
