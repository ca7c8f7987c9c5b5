package dev.thermae.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Puts of the same bytes, ours in turns with plain files and RocksDB in one process: wall time, and
 * the CPU time of the thread that puts, which other work on the machine disturbs less. Nothing is
 * deleted in between: ext4 keeps away from inodes that were deleted within the last minute, and
 * looks at each of them whenever a file is made, which is not what a put costs.
 */
final class HotPut {
  private static final List<StorePeer.Kind> KINDS =
      List.of(StorePeer.Kind.THERMAE, StorePeer.Kind.FILES, StorePeer.Kind.ROCKSDB);
  private static final int ROUNDS = 51;
  private static final int WARM_UP = 15;
  private static final int MOST_PUTS = 16;
  private static final int ROOM = 32 << 20;
  private static final long PAGES = 1L << 30;
  private static final int COLLECTIONS = 8;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final PrintStream out;
  private long serial;

  HotPut(PrintStream out) {
    this.out = out;
  }

  void run(int... sizes) throws Exception {
    out.println(
        "| put of | store | wall µs (quartiles) | ours / it | CPU µs (quartiles) | ours / it |");
    out.println("|---|---|---|---|---|---|");
    List<Path> used = new ArrayList<>();
    try {
      for (int size : sizes) {
        Path folder = Folders.create();
        used.add(folder);
        touchMemory(folder.resolve("touch"), PAGES);
        measure(folder, size);
      }
    } finally {
      for (Path folder : used) { // not before: what follows a deletion is slow
        Folders.delete(folder);
      }
    }
    out.println();
    out.println("The line: at 100 KB and more no slower than RocksDB with its defaults.");
  }

  /**
   * Pages that were never used are had from the host of a virtual machine first, at its pace: those
   * of the heap, until the young generation has its size, and then, so that the heap does not take
   * them, those of files.
   */
  private static void touchMemory(Path file, long bytes) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long last = collections() + COLLECTIONS;
    for (long made = 0; made < bytes << 4 && collections() < last; made += chunk.length) {
      chunk = chunk.clone();
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < bytes; written += chunk.length) {
        out.write(chunk);
      }
    }
    Files.delete(file);
  }

  private static long collections() {
    long collections = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections += collector.getCollectionCount();
    }
    return collections;
  }

  private void measure(Path folder, int size) throws Exception {
    List<StorePeer> peers = new ArrayList<>();
    try {
      int count = Math.min(256, ROOM / size);
      for (StorePeer.Kind kind : KINDS) {
        Path own = Files.createDirectory(folder.resolve(kind.name()));
        peers.add(StorePeer.open(kind, own, size, count));
      }
      measure(peers, size, count);
    } finally {
      for (StorePeer peer : peers) {
        peer.close();
      }
    }
  }

  private void measure(List<StorePeer> peers, int size, int count) throws Exception {
    int puts = Math.min(MOST_PUTS, Math.max(1, (ROOM >> 3) / size));
    double[][] wall = new double[peers.size()][ROUNDS];
    double[][] cpu = new double[peers.size()][ROUNDS];
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      for (int k = 0; k < peers.size(); k++) {
        int side = (k + i + WARM_UP) % peers.size();
        long start = System.nanoTime();
        long used = threads.getCurrentThreadCpuTime();
        for (int put = 0; put < puts; put++) {
          peers.get(side).add((int) (serial % count), serial++);
        }
        if (i >= 0) {
          cpu[side][i] = (threads.getCurrentThreadCpuTime() - used) / 1000.0 / puts;
          wall[side][i] = (System.nanoTime() - start) / 1000.0 / puts;
        }
      }
    }
    for (int side = 0; side < peers.size(); side++) {
      out.printf(
          Locale.ROOT,
          "| %,d bytes | %s | %s | %.2f | %s | %.2f |%n",
          size,
          KINDS.get(side).name().toLowerCase(Locale.ROOT),
          text(wall[side]),
          quantile(wall[0], 0.5) / quantile(wall[side], 0.5),
          text(cpu[side]),
          quantile(cpu[0], 0.5) / quantile(cpu[side], 0.5));
    }
  }

  private static String text(double[] values) {
    return String.format(
        Locale.ROOT,
        "%.0f (%.0f to %.0f)",
        quantile(values, 0.5),
        quantile(values, 0.25),
        quantile(values, 0.75));
  }

  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
