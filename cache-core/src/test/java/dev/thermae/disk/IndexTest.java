package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.store.NewBody;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.IndexProgram;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The index: opened behind everybody's back, sealed, never believed, never waited for. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class IndexTest {
  @TempDir Path folder;
  private final RecordingListener seen = new RecordingListener();
  private final FakeTime time = new FakeTime();
  private final List<DiskStore> open = new ArrayList<>();

  @AfterEach
  void nothingFailed() {
    open.forEach(DiskStore::close);
    assertThat(seen.faults()).isEmpty();
  }

  private DiskStore store() throws IOException {
    DiskStore store = DiskStore.open(folder, Seal.checksum(), new Counters(seen), time);
    open.add(store);
    return store;
  }

  /** Each entry takes a head and a body, a block each. */
  private static DiskUsage known(int entries, int hits) {
    return new DiskUsage(entries, entries * 2L * 4096, hits, 1L << 30, 0, "chronicle");
  }

  private static void put(DiskStore store, int number) throws IOException {
    try (NewBody body = store.newBody("url " + number)) {
      body.write(new byte[100]);
      assertThat(store.put(TestHeads.of("url " + number, 1_000, 100), body)).isNotNull();
    }
  }

  private static DiskStore filled(DiskStore store) throws IOException {
    for (int i = 0; i < 3; i++) {
      put(store, i);
    }
    return store;
  }

  private static DiskUsage awaitIndex(DiskStore store) {
    store.claimIndex();
    DiskUsage usage = store.usage();
    while (usage == null) {
      Thread.onSpinWait();
      usage = store.usage();
    }
    return usage;
  }

  private List<String> indexFiles() throws IOException {
    return FolderCheck.files(folder.resolve("v1/index")).stream()
        .map(file -> file.getFileName().toString())
        .toList();
  }

  @Test
  void isFilledFromTheFilesAndTold() throws IOException {
    DiskStore store = filled(store());
    assertThat(store.usage()).isNull();
    assertThat(awaitIndex(store)).isEqualTo(known(3, 0));
    put(store, 3);
    assertThat(store.usage()).isEqualTo(known(4, 0));
    store.find("url 3", null);
    store.find("url 3", null);
    store.find("url 9", null);
    assertThat(store.usage().hits()).isEqualTo(2);
    store.invalidate("url 0", 5_000);
    assertThat(store.usage()).isEqualTo(known(3, 2));
  }

  @Test
  void isSealedAtCloseAndUsedAgain() throws IOException {
    DiskStore first = filled(store());
    awaitIndex(first);
    first.find("url 1", null);
    first.close();
    assertThat(indexFiles()).containsExactly("1.cm", "1.seal");
    assertThat(first.usage()).isNull();
    DiskStore second = store();
    assertThat(awaitIndex(second)).isEqualTo(known(3, 1));
    assertThat(indexFiles()).as("no seal while it is open").containsExactly("1.cm");
    second.close();
    assertThat(indexFiles()).containsExactly("1.cm", "1.seal");
  }

  @Test
  void isThrownAwayWithoutItsSeal() throws IOException {
    sealedIndex();
    Files.delete(folder.resolve("v1/index/1.seal"));
    assertThat(awaitIndex(store())).isEqualTo(known(3, 0));
    assertThat(indexFiles()).containsExactly("2.cm");
  }

  @Test
  void isThrownAwayWhenItWasDamaged() throws IOException {
    sealedIndex();
    Path map = folder.resolve("v1/index/1.cm");
    byte[] bytes = Files.readAllBytes(map);
    bytes[bytes.length / 2] ^= 4;
    Files.write(map, bytes);
    assertThat(awaitIndex(store())).isEqualTo(known(3, 0));
    assertThat(indexFiles()).containsExactly("2.cm");
  }

  @Test
  void isThrownAwayWhenItsSealIsAnothers() throws IOException {
    sealedIndex();
    Files.write(folder.resolve("v1/index/1.seal"), new byte[24]);
    assertThat(awaitIndex(store())).isEqualTo(known(3, 0));
    assertThat(indexFiles()).containsExactly("2.cm");
  }

  private void sealedIndex() throws IOException {
    DiskStore store = filled(store());
    awaitIndex(store);
    store.find("url 1", null);
    store.close();
    assertThat(indexFiles()).containsExactly("1.cm", "1.seal");
  }

  @Test
  void oneStoreOwnsIt() throws Exception {
    DiskStore owner = filled(store());
    awaitIndex(owner);
    assertThat(runProgram(1)).containsExactly("none", "faults 0");
    DiskStore second = store();
    second.claimIndex();
    put(second, 7);
    second.close();
    assertThat(second.usage()).isNull();
    assertThat(owner.usage().entries()).as("told by a journal").isEqualTo(4);
    assertThat(folder.resolve("v1/journal")).isEmptyDirectory();
    owner.close();
    assertThat(awaitIndex(store()).entries()).isEqualTo(4);
  }

  @Test
  void heapServesWhereChronicleMapCannot() throws Exception {
    filled(store());
    assertThat(runProgram(30)).containsExactly("heap 3", "faults 0");
    assertThat(indexFiles()).isEmpty();
  }

  /** A JVM without the openings that Chronicle Map needs. */
  private List<String> runProgram(int seconds) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(IndexProgram.class, folder.toString(), Integer.toString(seconds))) {
      return child.finish();
    }
  }

  @Test
  void processThatLivesLongCompetesForIt() throws IOException {
    DiskStore store = filled(store());
    time.advance(29, TimeUnit.SECONDS);
    store.find("url 1", null);
    assertThat(folder.resolve("v1/index")).doesNotExist();
    time.advance(2, TimeUnit.SECONDS);
    store.find("url 1", null);
    while (store.usage() == null) {
      Thread.onSpinWait();
    }
    assertThat(store.usage().entries()).isEqualTo(3);
  }

  @Test
  void closingWhileItOpensGivesItBack() throws IOException {
    for (int i = 0; i < 3; i++) {
      DiskStore store = store();
      store.claimIndex();
      if (i == 1) {
        Thread.currentThread().interrupt();
      }
      store.close();
      assertThat(Thread.interrupted()).isEqualTo(i == 1);
    }
    while (!becomesOwner(store())) {
      Thread.onSpinWait();
    }
  }

  /** A store that asks while another one is about to let go does not get the index any more. */
  private static boolean becomesOwner(DiskStore store) {
    store.claimIndex();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (store.usage() == null && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    boolean owns = store.usage() != null;
    store.close();
    return owns;
  }

  @Test
  void interruptedThreadMayUseIt() throws IOException {
    DiskStore store = filled(store());
    awaitIndex(store);
    Thread.currentThread().interrupt();
    put(store, 3);
    assertThat(store.find("url 3", null)).isNotNull();
    assertThat(store.usage()).isEqualTo(known(4, 1));
    store.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(indexFiles()).containsExactly("1.cm", "1.seal");
  }

  @Test
  void fullIndexForgetsAndSaysSo() throws IOException {
    int capacity = HeapIndex.CAPACITY;
    Index created =
        ChronicleIndex.create(
            folder.resolve("1.cm.t").toFile(),
            folder.resolve("1.t").toFile(),
            folder.resolve("1.cm").toFile(),
            capacity);
    for (Index index : List.of(created, new HeapIndex())) {
      IndexContent content = new IndexContent(index);
      for (int i = 0; i < capacity / 2; i++) {
        content.seen(EntryName.of(new File("x"), "url " + i).text(), record());
      }
      assertThat(content.isComplete()).as(index.kind()).isTrue();
      for (int i = capacity / 2; i < 2 * capacity; i++) {
        content.seen(EntryName.of(new File("x"), "url " + i).text(), record());
      }
      assertThat(content.isComplete()).as(index.kind()).isFalse();
      long[] count = new long[1];
      index.each((entry, known) -> count[0]++);
      assertThat(count[0]).as(index.kind()).isBetween(capacity / 2L, 2L * capacity);
      content.close();
    }
  }

  private static IndexRecord record() {
    return new IndexRecord(new Generation(1, 2), 3, 4, 5, 6, 7);
  }

  @Test
  void nothingCallsHome() {
    assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(System.getProperty("java.class.path")).doesNotContain("chronicle-analytics");
  }
}
