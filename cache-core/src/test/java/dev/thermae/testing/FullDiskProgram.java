package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Seal;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskOptions;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.NewBody;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads in four threads on a small file system that fills up to its last byte and empties again,
 * with the index opened before, while and after; every result is checked. What it says last is what
 * it counted; that it says so at all means that no mapped page was missing.
 *
 * <p>Arguments: folder, loads of each thread and phase, whether names run out and not bytes.
 */
public final class FullDiskProgram {
  /** So that the index is small too, whose size follows the limit. */
  private static final DiskOptions SMALL = DiskOptions.DEFAULTS.maximumBytes(16L << 20);

  private static final int THREADS = 4;
  private static final int SOURCES = 40;

  private final Path folder;
  private final int loads;
  private final boolean names;
  private final TextEngine engine = new TextEngine();
  private final RecordingListener seen = new RecordingListener();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong hot = new AtomicLong();
  private final AtomicLong worst = new AtomicLong();
  private final List<Throwable> wrong = new ArrayList<>();

  private FullDiskProgram(String[] arguments) {
    folder = Path.of(arguments[0]);
    loads = Integer.parseInt(arguments[1]);
    names = Boolean.parseBoolean(arguments[2]);
  }

  public static void main(String[] arguments) throws Exception {
    new FullDiskProgram(arguments).run();
  }

  private Path cache() {
    return folder.resolve("cache");
  }

  private void run() throws Exception {
    phase("empty", false);
    phase("filling and emptying", true);
    fill();
    phase("full", false);
    index("with the disk full").close();
    leave(64 << 10);
    index("with too little space").close();
    free();
    phase("free again", false);
    delete(cache());
    try (DiskStore store = index("with the disk free")) {
      store(store, 0, 100);
      fill();
      phase("full, index open", false, store);
      leave(200 << 10);
      store(store, 100, 2_000);
      phase("full again, index open", false, store);
      free();
      phase("free, index open", false, store);
      ChildJvm.say("index: " + kind(store.usage()));
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("wrong", wrong.get(0));
    }
    ChildJvm.say("faults " + seen.faults().stream().allMatch(f -> f instanceof IOException));
    ChildJvm.say("foreign " + engine.foreign().size());
    ChildJvm.say("rejections " + seen.rejections());
    ChildJvm.say("worst " + worst.get() / 1_000_000 + " ms");
    ChildJvm.say(done + " loads, 0 wrong");
  }

  private static String kind(DiskUsage usage) {
    return usage == null ? "none" : usage.kind();
  }

  /** Leaves neither a byte nor a name. */
  private void fill() throws IOException {
    if (names) {
      Path many = Files.createDirectories(folder.resolve("many"));
      for (int i = 0; ; i++) {
        try {
          Files.createFile(many.resolve(Integer.toString(i)));
        } catch (IOException e) {
          return;
        }
      }
    }
    try (FileOutputStream out = new FileOutputStream(folder.resolve("filler").toFile(), true)) {
      for (int length = 1 << 20; length > 0; length /= 16) {
        fill(out, length);
      }
    }
  }

  private static void fill(FileOutputStream out, int length) {
    byte[] bytes = new byte[length];
    try {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      bytes[0] = 1; // full, to within that length
    }
  }

  /** A full disk, and then this much less of it. */
  private void leave(long bytes) throws IOException {
    fill();
    for (int i = 0; names && i < bytes / 4_096; i++) {
      Files.deleteIfExists(folder.resolve("many").resolve(Integer.toString(i)));
    }
    Path filler = folder.resolve("filler");
    if (Files.exists(filler)) {
      try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
        file.setLength(file.length() - bytes);
      }
    }
  }

  /** Stores entries that the index is told of, until the disk refuses. */
  private static void store(DiskStore store, int from, int to) {
    try {
      for (int i = from; i < to; i++) {
        String key = "url " + i;
        try (NewBody body = store.newBody(key)) {
          body.write(i);
          store.put(TestHeads.of(key, System.currentTimeMillis(), 1), body);
        }
      }
    } catch (IOException e) {
      ChildJvm.say("stored until " + e.getMessage().replaceFirst(".*/", ""));
    }
  }

  private void free() throws IOException {
    Files.deleteIfExists(folder.resolve("filler"));
    delete(folder.resolve("many"));
  }

  private static void delete(Path tree) throws IOException {
    if (Files.isDirectory(tree)) {
      try (var all = Files.walk(tree)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void phase(String name, boolean changing, DiskStore... open) throws Exception {
    long before = hot.get();
    AtomicBoolean ended = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int seed = i;
      threads.add(new Thread(() -> load(seed, open)));
    }
    Thread filler = new Thread(() -> change(ended));
    if (changing) {
      filler.start();
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    ended.set(true);
    filler.join();
    free(changing);
    ChildJvm.say("phase " + name + ": " + (hot.get() - before) + " hot");
  }

  private void free(boolean changed) throws IOException {
    if (changed) {
      free();
    }
  }

  private void change(AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        fill();
        free();
      }
    } catch (IOException e) {
      wrong.add(e);
    }
  }

  private static Source source(int number) {
    return Source.of(number + ".txt", ("source " + number + '\n').repeat(1_000 + 500 * number));
  }

  private void load(int seed, DiskStore... open) {
    Random random = new Random(seed);
    for (int i = 0; i < loads; i++) {
      int number = random.nextInt(SOURCES);
      Source source = source(number);
      long start = System.nanoTime();
      try (CodeCache cache =
          CodeCache.builder()
              .directory(cache())
              .disk(SMALL)
              .policy(CachePolicy.eager())
              .listener(seen)
              .build()) {
        Compiled<TextUnit> unit = cache.compile(engine, source);
        long nanos = System.nanoTime() - start;
        worst.accumulateAndGet(nanos, Math::max);
        if (!unit.code().run().equals(TextUnit.run(source.text()))) {
          throw new AssertionError("a wrong result for " + source);
        }
        cache.flush();
        hot.addAndGet(cache.stats().hot());
        done.incrementAndGet();
        for (DiskStore store : open) {
          store.find("url " + random.nextInt(300), null);
        }
      } catch (RuntimeException | Error e) {
        synchronized (wrong) {
          wrong.add(e);
        }
      }
    }
  }

  private long journals() {
    File[] files = cache().resolve("v1/journal").toFile().listFiles();
    long sum = 0;
    for (File file : files == null ? new File[0] : files) {
      sum += (file.length() + 4095) / 4096 * 4096;
    }
    return sum;
  }

  /** A store that competes for the index now; what it gets, or nothing, must not be a fault. */
  private DiskStore index(String when) throws IOException {
    Counters counters = new Counters(seen);
    DiskStore store = DiskStore.open(cache(), Seal.checksum(), counters, TimeSource.SYSTEM, SMALL);
    long space = Files.getFileStore(folder).getUsableSpace();
    long journals = journals();
    int faults = seen.faults().size();
    store.claimIndex();
    long start = System.nanoTime();
    while (store.usage() == null
        && seen.faults().size() == faults
        && System.nanoTime() - start < 60_000_000_000L) {
      Thread.onSpinWait();
    }
    ChildJvm.say("index " + when + ": " + kind(store.usage()));
    if (seen.faults().size() > faults) {
      ChildJvm.say("because of " + seen.faults().get(faults));
    }
    // What others told the index's owner is read and deleted meanwhile.
    long told = journals - journals();
    long taken = space - Files.getFileStore(folder).getUsableSpace() + told;
    try (var files = Files.walk(cache())) {
      files
          .filter(file -> file.toString().endsWith(".cm"))
          .forEach(
              file ->
                  ChildJvm.say(
                      taken >= file.toFile().length() ? "index file, dense" : "index file"));
    }
    return store;
  }
}
