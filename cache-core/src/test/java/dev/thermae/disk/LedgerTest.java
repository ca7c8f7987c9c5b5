package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder takes is counted as {@code du} does, and counted anew when that is lost. */
class LedgerTest {
  private static final long LIMIT = 4 << 20;

  @TempDir Path home;
  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);

  private DiskStore store(long limit) throws IOException {
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(limit);
    return DiskStore.open(folder(), Seal.checksum(), counters, time, options);
  }

  private Path folder() {
    return home.resolve("cache");
  }

  private static void put(DiskStore store, int number, int length) throws IOException {
    String key = "url " + number;
    try (NewBody body = store.newBody(key)) {
      body.write(new byte[length]);
      assertThat(store.put(TestHeads.of(key, 1_000, length), body)).isNotNull();
    }
  }

  private InUse told() throws IOException {
    return InUse.decode(Files.readAllBytes(folder().resolve("v1/usage")));
  }

  @Test
  void agreesWithTheSystem() throws Exception {
    try (DiskStore store = store(1 << 30)) {
      for (int i = 0; i < 50; i++) {
        put(store, i, 100 + 3_000 * i);
        store.find("url " + i, null).attach("slot", new byte[2_000 * i]);
        store.find("url " + i, null).mark("slot", true);
      }
      put(store, 7, 20_000);
      store.invalidate("url 9", 2_000);
    }
    assertThat(told().entries()).isEqualTo(50);
    assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(3));
  }

  private static Offset<Long> within(int blocks) {
    return Assertions.within(blocks * 4096L);
  }

  @Test
  void missingOrDamagedIsSummedAnew() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      for (int i = 0; i < 20; i++) {
        put(store, i, 10_000);
      }
    }
    Path usage = folder().resolve("v1/usage");
    byte[] good = Files.readAllBytes(usage);
    byte[] flipped = good.clone();
    flipped[12] ^= 1;
    for (byte[] bad : new byte[][] {flipped, new byte[InUse.LENGTH], {1}, {}, null}) {
      if (bad == null) {
        Files.delete(usage);
      } else {
        Files.write(usage, bad);
      }
      try (DiskStore store = store(LIMIT)) {
        putPatiently(store, 100);
      }
      assertThat(told()).isNotNull();
      // What is written while the files are summed may be counted twice.
      assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(10));
    }
  }

  /** A put waits for a sum for a tenth of a second only. */
  private static void putPatiently(DiskStore store, int number) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        put(store, number, 10_000);
        return;
      } catch (NoRoomException e) {
        assertThat(attempt).isLessThan(100);
      }
    }
  }

  @Test
  void whatAKilledProcessReservedIsFreeAfterTheNextSum() throws IOException {
    try (DiskStore store = store(LIMIT)) {
      put(store, 0, 10_000);
      store.room().reserve(LIMIT / 8, 0, 0);
    }
    long before = told().bytes();
    try (DiskStore store = store(LIMIT)) {
      store.gc();
    }
    assertThat(told().bytes()).isBetween(before - LIMIT / 8 - 4096, before - LIMIT / 8 + 4096);
  }

  @Test
  void noSingleFileTakesMoreThanAQuarter() throws IOException {
    try (DiskStore store = store(LIMIT)) {
      Assertions.assertThatThrownBy(() -> put(store, 0, (int) LIMIT / 4 + 1))
          .isInstanceOf(NoRoomException.class);
      assertThat(store.find("url 0", null)).isNull();
    }
    FolderCheck.noTemporaries(home);
  }

  @Test
  void entriesAreBoundedToo() throws Exception {
    DiskOptions options = DiskOptions.DEFAULTS.maximumEntries(10);
    try (DiskStore store = DiskStore.open(folder(), Seal.checksum(), counters, time, options)) {
      for (int i = 0; i < 40; i++) {
        putPatiently(store, i);
      }
      assertThat(
              FolderCheck.entryFiles(folder()).stream()
                  .filter(file -> file.toString().endsWith(".h")))
          .hasSizeBetween(5, 11); // a sum misses the one that is being written
    }
  }
}
