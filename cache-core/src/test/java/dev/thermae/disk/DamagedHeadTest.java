package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Selector;
import dev.thermae.testing.FakeTime;
import dev.thermae.testing.TestHeads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head that cannot be read must not take back what it said of others. */
class DamagedHeadTest {
  private static final String KEY = "url \nhttps://example.org/a";
  private static final Selector SECOND = stored -> "a: 2";

  private final FakeTime time = new FakeTime();
  private final Counters counters = new Counters(null);

  @TempDir Path folder;

  @Test
  void variantsWhoseInvalidationIsLostDoNotCount() throws IOException {
    try (DiskStore store = DiskStore.open(folder, Seal.checksum(), counters, time)) {
      put(store, "a: 1", 1_000);
      put(store, "a: 2", 1_000);
      assertThat(store.find(KEY, SECOND)).isNotNull();
      store.invalidate(KEY, 2_000);
      damage(firstHead());
      put(store, "a: 1", 3_000);
      assertThat(store.find(KEY, SECOND)).isNull();
      assertThat(counters.snapshot().rejected(Rejection.SEAL)).isPositive();
    }
  }

  private static void put(DiskStore store, String selecting, long requested) throws IOException {
    EntryHead head = TestHeads.variant(KEY, selecting, requested, 1);
    try (NewBody body = store.newBody(KEY)) {
      body.write(1);
      assertThat(store.put(head, body)).isNotNull();
    }
  }

  private Path firstHead() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".h")).findFirst().orElseThrow();
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }
}
