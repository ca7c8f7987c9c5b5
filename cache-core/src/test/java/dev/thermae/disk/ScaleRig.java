package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What very many entries take on the disk, and their index in heap and time.
 *
 * <pre>
 * ScaleRig FOLDER ENTRIES
 * </pre>
 */
public final class ScaleRig {
  private static final long LIMIT = 64L << 30;

  private ScaleRig() {}

  /** Prints the figures. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int entries = Integer.parseInt(arguments[1]);
    long start = System.nanoTime();
    if (!Files.exists(folder)) {
      fill(folder, entries);
      System.out.printf(Locale.ROOT, "written in %d s%n", seconds(start));
    }
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(LIMIT).maximumEntries(2L * entries);
    for (String how : new String[] {"rebuilt", "sealed"}) {
      long before = heap();
      Counters counters = new Counters(null);
      start = System.nanoTime();
      try (DiskStore store =
          DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM, options)) {
        store.claimIndex();
        DiskUsage usage = store.usage();
        while (usage == null) {
          LockSupport.parkNanos(1_000_000);
          usage = store.usage();
        }
        System.out.printf(
            Locale.ROOT,
            "%s in %.1f s: %s; heap %+d KB; faults %d%n",
            how,
            (System.nanoTime() - start) / 1e9,
            usage,
            heap() - before >> 10,
            counters.snapshot().faults());
      }
    }
    System.out.printf(Locale.ROOT, "du %d MB%n", BoundsRig.allocated(folder) >> 20);
  }

  /** Files with the names and sizes of entries; nobody reads what is in them. */
  private static void fill(Path folder, int entries) throws IOException {
    Path all = folder.resolve("v1/entries");
    for (int i = 0; i < entries; i++) {
      EntryName name = EntryName.of(all.toFile(), "url \nhttps://example.org/" + i);
      Path place = name.folder().toPath();
      if (!Files.isDirectory(place)) {
        Publisher.folder(name.folder());
      }
      String generation = Generation.hex(i) + "0000000000000001";
      Files.write(place.resolve(name.text() + ".h"), new byte[400]);
      Files.write(place.resolve(name.text() + '.' + generation + ".b"), new byte[1000]);
      Files.write(
          place.resolve(name.text() + '.' + generation + ".0000000000000001.c"), new byte[2000]);
    }
  }

  private static long seconds(long start) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
