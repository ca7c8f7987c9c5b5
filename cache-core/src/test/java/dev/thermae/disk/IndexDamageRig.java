package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.Damage;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Damages the file of the index under a seal that was true once. Nothing but a whole version may
 * reach Chronicle Map, which a damaged one crashes: so this runs in a process of its own, which
 * says what it saw and whose death is counted.
 *
 * <p>Arguments: folder, mixes that are checked, mixes that are opened as well, seed.
 */
public final class IndexDamageRig {
  private static final int VERSIONS = 3;
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Path folder;
  private final Random random;
  private final Damage damage;
  private final RecordingListener seen = new RecordingListener();
  private final List<byte[]> versions = new ArrayList<>();
  private final List<byte[]> seals = new ArrayList<>();

  private IndexDamageRig(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
    this.damage = new Damage(seed);
  }

  public static void main(String[] arguments) throws IOException {
    long seed = Long.parseLong(arguments[3]);
    IndexDamageRig rig = new IndexDamageRig(Path.of(arguments[0]), seed);
    rig.prepare();
    ChildJvm.say("an index of " + rig.versions.get(0).length + " bytes");
    ChildJvm.say(rig.check(Integer.parseInt(arguments[1])));
    ChildJvm.say(rig.open(Integer.parseInt(arguments[2])) + ", seed " + seed);
  }

  private DiskStore store() throws IOException {
    return DiskStore.open(folder, Seal.checksum(), new Counters(seen), TimeSource.SYSTEM);
  }

  private DiskUsage claim(DiskStore store) {
    store.claimIndex();
    long start = System.nanoTime();
    DiskUsage usage = store.usage();
    while (usage == null) {
      if (System.nanoTime() - start > SLOW_NANOS || !seen.faults().isEmpty()) {
        throw new AssertionError("no index: " + seen.faults());
      }
      Thread.onSpinWait();
      usage = store.usage();
    }
    return usage;
  }

  private Path file(String extension) throws IOException {
    return FolderCheck.files(folder.resolve("v1/index")).stream()
        .filter(file -> file.toString().endsWith(extension))
        .findFirst()
        .orElseThrow();
  }

  /** Sealed versions of one index: more entries, and more hits, in each. */
  private void prepare() throws IOException {
    for (int version = 0; version < VERSIONS; version++) {
      try (DiskStore store = store()) {
        claim(store);
        for (int i = 0; i < 40 * (version + 1); i++) {
          String key = "url " + i;
          try (NewBody body = store.newBody(key)) {
            body.write(new byte[100 + version]);
            store.put(TestHeads.of(key, System.currentTimeMillis(), 100 + version), body);
          }
          store.find(key, null);
        }
      }
      versions.add(Files.readAllBytes(file(".cm")));
      seals.add(Files.readAllBytes(file(".seal")));
    }
  }

  /** One version in the places where they differ is hit by a page of another, or by an edit. */
  private byte[] damaged(int number) {
    return number % 4 == 3
        ? damage.edit(versions.get(random.nextInt(VERSIONS)), versions)
        : damage.mix(versions);
  }

  private boolean isVersion(int version, byte[] bytes) {
    return Arrays.equals(versions.get(version), bytes);
  }

  private String check(int mixes) throws IOException {
    long start = System.nanoTime();
    int whole = 0;
    for (int i = 0; i < mixes; i++) {
      byte[] bytes = damaged(i);
      byte[] seal = IndexFiles.sealOf(new ByteArrayInputStream(bytes));
      for (int version = 0; version < VERSIONS; version++) {
        boolean holds = Arrays.equals(seal, seals.get(version));
        if (holds != isVersion(version, bytes)) {
          throw new AssertionError("mix " + i + (holds ? " is believed" : " is whole"));
        }
        whole += holds ? 1 : 0;
      }
    }
    return mixes
        + " mixes checked, "
        + whole
        + " whole, 0 wrong, in "
        + (System.nanoTime() - start) / 1_000_000
        + " ms";
  }

  /** Lays damaged files down as a crash would, and opens the folder as a server does. */
  private String open(int mixes) throws IOException {
    Files.delete(file(".seal"));
    DiskUsage rebuilt;
    try (DiskStore store = store()) {
      rebuilt = claim(store);
    }
    int whole = 0;
    long worst = 0;
    for (int i = 0; i < mixes; i++) {
      byte[] bytes = damaged(i);
      int version = random.nextInt(VERSIONS);
      boolean unsealed = random.nextInt(8) == 0;
      Files.write(file(".cm"), bytes);
      Files.write(file(".seal"), seals.get(version));
      if (unsealed) {
        Files.delete(file(".seal"));
      }
      long start = System.nanoTime();
      try (DiskStore store = store()) {
        DiskUsage usage = claim(store);
        if (isVersion(version, bytes) && !unsealed) {
          whole++;
        } else if (!usage.equals(rebuilt)) {
          throw new AssertionError("opening " + i + " gave " + usage + ", not " + rebuilt);
        }
        if (store.find("url 1", null) == null) {
          throw new AssertionError("an entry is lost");
        }
      }
      worst = Math.max(worst, System.nanoTime() - start);
    }
    if (!seen.faults().isEmpty()) {
      throw new AssertionError(seen.faults().toString());
    }
    return mixes
        + " opened, "
        + whole
        + " whole, 0 wrong, 0 crashes, the slowest "
        + worst / 1_000_000
        + " ms";
  }
}
