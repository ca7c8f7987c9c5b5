package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two stores over one folder, as two processes have them, that change one entry at once. */
class RacingWritersTest {
  private static final String KEY = "url \nhttps://example.org/a.js";

  @TempDir Path folder;
  private final RecordingListener seen = new RecordingListener();
  private DiskStore one;
  private DiskStore two;

  @BeforeEach
  void open() throws IOException {
    one = DiskStore.open(folder, Seal.checksum(), new Counters(seen), TimeSource.SYSTEM);
    two = DiskStore.open(folder, Seal.checksum(), new Counters(seen), TimeSource.SYSTEM);
  }

  @AfterEach
  void check() throws IOException {
    one.close();
    two.close();
    assertThat(seen.faults()).isEmpty();
    assertThat(seen.rejections()).isEmpty();
    FolderCheck.noTemporaries(folder);
    FolderCheck.everyHeadHasItsBody(folder);
  }

  private static StoredEntry put(DiskStore store, long requestTime, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (NewBody body = store.newBody(KEY)) {
      body.write(bytes);
      return store.put(TestHeads.of(KEY, requestTime, bytes.length), body);
    }
  }

  private static String text(DiskStore store) {
    return new String(store.find(KEY, null).body(), StandardCharsets.UTF_8);
  }

  /** A 304 answers for the generation whose validators were sent, and that one is gone. */
  @Test
  void late304ForAReplacedGenerationIsRefused() throws Exception {
    put(one, 1_000, "old");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch replaced = new CountDownLatch(1);
    AtomicReference<StoredEntry> answer = new AtomicReference<>();
    Threads.run(
        2,
        index -> {
          if (index == 0) {
            StoredEntry old = one.find(KEY, null);
            asked.countDown();
            replaced.await();
            answer.set(one.withHead(old, TestHeads.validated(old.head(), 1_500)));
          } else {
            asked.await();
            put(two, 1_200, "new");
            replaced.countDown();
          }
        });
    assertThat(answer.get()).isNull();
    assertThat(text(one)).isEqualTo("new");
    EntryHead head = one.find(KEY, null).head();
    assertThat(head.requestTime()).isEqualTo(1_200);
    assertThat(new String(head.metadata(), StandardCharsets.UTF_8)).startsWith("opaque");
  }

  /** Both wait for the entry's lock at once; whoever gets it first, the 200 stays. */
  @RepeatedTest(10)
  void racing304And200LeaveThe200() throws Exception {
    StoredEntry old = put(one, 1_000, "old");
    Threads.run(
        2,
        index -> {
          if (index == 0) {
            one.withHead(old, TestHeads.validated(old.head(), 1_100));
          } else {
            assertThat(put(two, 1_200, "new")).isNotNull();
          }
        });
    assertThat(text(one)).isEqualTo("new");
    assertThat(text(two)).isEqualTo("new");
    assertThat(FolderCheck.entryFiles(folder)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void newerOfTwo200sWinsInBothOrders(boolean newerFirst) throws Exception {
    CountDownLatch firstIsIn = new CountDownLatch(1);
    Threads.run(
        2,
        index -> {
          boolean newer = index == 0;
          if (newer != newerFirst) {
            firstIsIn.await();
          }
          StoredEntry stored = put(newer ? one : two, newer ? 2_000 : 1_000, newer ? "new" : "old");
          assertThat(stored != null).isEqualTo(newer || !newerFirst);
          firstIsIn.countDown();
        });
    assertThat(text(one)).isEqualTo("new");
    assertThat(FolderCheck.entryFiles(folder)).hasSize(2);
  }

  @RepeatedTest(10)
  void newerOfTwoRacing200sWins() throws Exception {
    Threads.run(2, index -> put(index == 0 ? one : two, 1_000 + index, "text " + index));
    assertThat(text(one)).isEqualTo("text 1");
    assertThat(FolderCheck.entryFiles(folder)).hasSize(2);
  }

  @RepeatedTest(10)
  void invalidationAndAnEarlier200LeaveNothing() throws Exception {
    put(one, 1_000, "old");
    Threads.run(
        2,
        index -> {
          if (index == 0) {
            one.invalidate(KEY, 3_000);
          } else {
            put(two, 2_000, "new");
          }
        });
    assertThat(one.find(KEY, null)).isNull();
    assertThat(FolderCheck.entryFiles(folder)).hasSize(1);
  }

  @Test
  void interruptedThreadReadsAndWrites() throws Exception {
    Threads.run(
        1,
        index -> {
          Thread.currentThread().interrupt();
          StoredEntry stored = put(one, 1_000, "text");
          stored.attach("slot", new byte[] {1});
          stored.mark("slot", false);
          StoredEntry found = two.find(KEY, null);
          assertThat(found.body()).isEqualTo("text".getBytes(StandardCharsets.UTF_8));
          assertThat(found.code("slot")).containsExactly(1);
          two.withHead(found, TestHeads.validated(found.head(), 2_000));
          assertThat(Thread.interrupted()).isTrue();
        });
    assertThat(put(two, 3_000, "next")).isNotNull();
    assertThat(text(one)).isEqualTo("next");
  }
}
