package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.code.Seal;
import dev.thermae.code.SigningKeys;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.TestHeads;
import dev.thermae.testing.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where others may put links, no file outside gets another time. */
class GuardedTimesTest {
  private static final String KEY = "url \nhttps://example.org/a.js";
  private static final FileTime OLD = FileTime.fromMillis(1_000_000_000_000L);
  private static final int MARKS = 2_000;

  @TempDir Path home;
  private final Seal seal =
      Seal.signed(
          SigningKeys.of(3, "a secret of enough bytes".getBytes(StandardCharsets.UTF_8)), "");
  private Path outside;

  @BeforeEach
  void outside() throws IOException {
    assumeTrue(home.getFileSystem().supportedFileAttributeViews().contains("unix"));
    outside = Files.createFile(home.resolve("outside"));
    Files.setLastModifiedTime(outside, OLD);
  }

  private DiskStore open() throws IOException {
    return DiskStore.open(
        home.resolve("cache"), seal, new Counters(null), TimeSource.SYSTEM, DiskOptions.DEFAULTS);
  }

  private static StoredEntry put(DiskStore store) throws IOException {
    try (NewBody body = store.newBody(KEY)) {
      body.write(1);
      return store.put(TestHeads.of(KEY, 1_000, 1), body);
    }
  }

  @Test
  void whenAnEntryWasUsed() throws IOException {
    try (DiskStore store = open()) {
      put(store);
      store.caretaker();
      assertThat(store.find(KEY, null)).isNotNull();
      Path head = store.name(KEY).head().toPath();
      Files.delete(head);
      Files.createSymbolicLink(head, outside);
    }
    assertThat(Files.getLastModifiedTime(outside)).isEqualTo(OLD);
  }

  @Test
  void whenASlotIsMarked() throws Exception {
    try (DiskStore store = open()) {
      StoredEntry entry = put(store);
      Path marks = store.name(KEY).slot(entry.head().generation(), "slot", ".s").toPath();
      AtomicBoolean done = new AtomicBoolean();
      Threads.run(
          2,
          index -> {
            if (index == 0) {
              for (int i = 0; i < MARKS; i++) {
                entry.mark("slot", true);
              }
              done.set(true);
            } else {
              Path link = home.resolve("link");
              while (!done.get()) {
                Files.createSymbolicLink(link, outside);
                Files.move(link, marks, StandardCopyOption.ATOMIC_MOVE);
              }
            }
          });
      assertThat(Files.getLastModifiedTime(outside)).isEqualTo(OLD);
    }
  }
}
