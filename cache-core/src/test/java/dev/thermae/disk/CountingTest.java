package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Coding;
import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.event.CacheListener;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.TestHeads;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted comes down again, and never further than what goes away. */
class CountingTest {
  private static final long LIMIT = 4 << 20;

  @TempDir Path home;
  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);

  private Path folder() {
    return home.resolve("cache");
  }

  private DiskStore store(DiskOptions options) throws IOException {
    return DiskStore.open(folder(), Seal.checksum(), counters, time, options);
  }

  private DiskStore store(long limit) throws IOException {
    return store(DiskOptions.DEFAULTS.maximumBytes(limit));
  }

  private static StoredEntry put(DiskStore store, String key, byte[] bytes) throws IOException {
    try (NewBody body = store.newBody(key)) {
      body.write(bytes);
      return store.put(TestHeads.of(key, 1_000, bytes.length), body);
    }
  }

  private InUse told() throws IOException {
    return InUse.decode(Files.readAllBytes(folder().resolve("v1/usage")));
  }

  private static Offset<Long> within(int blocks) {
    return Assertions.within(blocks * 4096L);
  }

  @Test
  void foldersOfPackedBodiesAreCountedOnce() throws Exception {
    DiskOptions.Packing packing = new DiskOptions.Packing(Coding.NONE, Coding.DEFLATE, 0);
    try (DiskStore store = store(DiskOptions.DEFAULTS.packing(packing))) {
      for (int i = 0; i < 50; i++) {
        put(store, "url " + i, new byte[20_000]);
      }
    }
    assertThat(FolderCheck.entryFiles(folder())).anyMatch(file -> file.toString().endsWith(".z"));
    assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(3));
  }

  @Test
  void bodyThatFindsNoPlaceIsGivenBack() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      put(store, "url a", new byte[10]);
    }
    long before = told().bytes();
    try (DiskStore store = store(LIMIT)) {
      File outer = store.name("url b").folder().getParentFile();
      Files.write(outer.toPath(), new byte[0]);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> put(store, "url b", new byte[50_000]))
            .isInstanceOf(IOException.class);
      }
    }
    assertThat(told().bytes()).isCloseTo(before, within(3));
  }

  @Test
  void packedBodyThatFindsNoRoomIsGivenBack() throws Exception {
    DiskOptions.Packing packing = new DiskOptions.Packing(Coding.NONE, Coding.DEFLATE, 0);
    try (DiskStore store = store(DiskOptions.DEFAULTS.maximumBytes(LIMIT).packing(packing))) {
      put(store, "url a", new byte[10]);
    }
    long before = told().bytes();
    try (DiskStore store = store(DiskOptions.DEFAULTS.maximumBytes(LIMIT).packing(packing))) {
      File outer = store.name("url b").folder().getParentFile();
      Files.write(outer.toPath(), new byte[0]);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> put(store, "url b", new byte[50_000]))
            .isInstanceOf(IOException.class);
      }
    }
    assertThat(told().bytes()).isCloseTo(before, within(3));
  }

  @Test
  void marksOfSignedFoldersAreCounted() throws Exception {
    SigningKeys keys =
        SigningKeys.of(3, "a secret of enough bytes".getBytes(StandardCharsets.UTF_8));
    Seal seal = Seal.signed(keys, "tenant");
    try (DiskStore store = DiskStore.open(folder(), seal, counters, time)) {
      for (int i = 0; i < 50; i++) {
        StoredEntry entry = put(store, "url " + i, new byte[100]);
        entry.mark("slot", true);
        entry.mark("slot", false);
      }
    }
    assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(3));
  }

  /** Another process holds the lock of the usage, and is stopped. */
  @Test
  void entryIsWholeThoughItsUsageCannotBeWrittenDown() throws Exception {
    try (DiskStore store = store(4L << 30)) {
      put(store, "url a", new byte[5 << 20]);
      FileLock lock =
          FileLocks.of(folder().resolve("v1/locks").toFile(), TimeSource.SYSTEM)
              .tryLock(Ledger.LOCK);
      try {
        assertThat(put(store, "url a", new byte[10])).isNotNull();
      } finally {
        lock.release();
      }
      assertThat(store.find("url a", null).body()).hasSize(10);
    }
    FolderCheck.everyHeadHasItsBody(folder());
    assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(3));
  }

  /** What the user of a small folder has to know: which numbers do not fit, and once. */
  @Test
  void whatIsTooLargeForTheFolderIsToldOnceAndCounted() throws Exception {
    List<String> warnings = new ArrayList<>();
    Counters told =
        new Counters(
            new CacheListener() {
              @Override
              public void onWarning(String message) {
                warnings.add(message);
              }
            });
    DiskOptions small = DiskOptions.DEFAULTS.maximumBytes(1_000_000);
    try (DiskStore store = DiskStore.open(folder(), Seal.checksum(), told, time, small)) {
      for (String key : List.of("url a", "url b")) {
        assertThatThrownBy(() -> put(store, key, new byte[300_000]))
            .isInstanceOf(NoRoomException.class)
            .hasMessageContaining("300000 bytes");
      }
      StoredEntry fits = put(store, "url c", new byte[30_000]);
      assertThat(fits).isNotNull();
      assertThatThrownBy(() -> fits.attach("slot", new byte[400_000]))
          .isInstanceOf(NoRoomException.class);
    }
    assertThat(told.snapshot().oversized()).isEqualTo(3);
    assertThat(told.snapshot().toString()).contains("oversized=3");
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith(folder().toString())
        .contains("300000 bytes", "maximumBytes, which is 1000000", "Set maximumBytes to 1200000");
  }

  @Test
  void whoCannotReserveFindsNoRoom() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      put(store, "url a", new byte[10]);
      FileLock lock =
          FileLocks.of(folder().resolve("v1/locks").toFile(), TimeSource.SYSTEM)
              .tryLock(Ledger.LOCK);
      try {
        assertThatThrownBy(() -> put(store, "url b", new byte[200_000]))
            .isInstanceOf(NoRoomException.class);
      } finally {
        lock.release();
      }
    }
    assertThat(told().bytes()).isCloseTo(BoundsRig.allocated(folder()), within(3));
  }

  @Test
  void temporaryThatWasSweptIsGivenBackOnce() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      put(store, "url a", new byte[500_000]);
      try (NewBody body = store.newBody("url b")) {
        body.write(new byte[300_000]);
        time.advance(11, TimeUnit.MINUTES);
        store.gc();
      }
    }
    assertThat(told().bytes()).isGreaterThan(BoundsRig.allocated(folder()) - 3 * 4096);
  }

  @Test
  void entriesThatASweepTookAwayAreNotCounted() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      for (int i = 0; i < 100; i++) {
        put(store, "url " + i, new byte[100]);
      }
      for (Path file : FolderCheck.entryFiles(folder())) {
        if (file.toString().endsWith(".b")) {
          Files.delete(file);
        }
      }
      put(store, "url x", new byte[100]);
      time.advance(11, TimeUnit.MINUTES);
      assertThat(store.gc().entries()).isEqualTo(1);
    }
    assertThat(told().entries()).isEqualTo(1);
  }

  /** Larger than what lies between where room is made from and where it is made down to. */
  @Test
  void largeCodeFindsRoomInAFullFolder() throws Exception {
    try (DiskStore store = store(LIMIT)) {
      for (int i = 0; i < 330; i++) {
        putPatiently(store, "url " + i);
      }
      StoredEntry entry = store.find("url 329", null);
      entry.attach("slot", new byte[700_000]);
      assertThat(store.find("url 329", null).code("slot")).hasSize(700_000);
    }
    assertThat(BoundsRig.allocated(folder())).isLessThan(LIMIT + LIMIT / 20);
  }

  private static void putPatiently(DiskStore store, String key) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        put(store, key, new byte[8_000]);
        return;
      } catch (NoRoomException e) {
        assertThat(attempt).isLessThan(100);
      }
    }
  }
}
