package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.event.Counters;
import dev.thermae.store.NewBody;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Care of a folder that hostile neighbours may write. */
class SharedSweepTest {
  private static final String KEY = "url \nhttps://example.org/a";

  @TempDir Path home;
  private final FakeTime time = new FakeTime();
  private DiskStore store;

  @BeforeEach
  void open() throws IOException {
    SigningKeys keys =
        SigningKeys.of(3, "a secret of enough bytes".getBytes(StandardCharsets.UTF_8));
    Seal seal = Seal.signed(keys, "tenant");
    store = DiskStore.open(home.resolve("cache"), seal, new Counters(null), time);
    assumeTrue(CacheFolder.guards);
    put();
  }

  private void put() throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(1);
      store.put(TestHeads.of(KEY, 1_000, 1), body);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void lookUpsTouchNothingThatALinkLeadsTo() throws IOException {
    Path outside = Files.writeString(home.resolve("outside"), "somebody's");
    FileTime old = FileTime.fromMillis(time.millis() - TimeUnit.DAYS.toMillis(9));
    Files.setLastModifiedTime(outside, old);
    store.usage();
    store.caretaker().used(store.name(KEY));
    Path head = store.name(KEY).head().toPath();
    Files.delete(head);
    Files.createSymbolicLink(head, outside);
    store.close();
    assertThat(Files.getLastModifiedTime(outside)).isEqualTo(old);
  }

  @Test
  void lookUpsAreRemembered() throws IOException {
    FileTime old = FileTime.fromMillis(time.millis() - TimeUnit.DAYS.toMillis(9));
    Path head = store.name(KEY).head().toPath();
    Files.setLastModifiedTime(head, old);
    store.caretaker();
    assertThat(store.find(KEY, null)).isNotNull();
    store.close();
    assertThat(Files.getLastModifiedTime(head)).isGreaterThan(old);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void pipeHangsNoSweep() throws Exception {
    EntryName name = store.name(KEY);
    Path pipe = name.slot(Generation.random(), "slot", ".c").toPath();
    Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(made.waitFor() == 0);
    GcResult result = store.gc();
    assertThat(result.entries()).isEqualTo(1);
    assertThat(store.find(KEY, null)).isNotNull();
  }
}
