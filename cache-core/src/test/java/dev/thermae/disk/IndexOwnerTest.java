package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.OwnerProgram;
import dev.thermae.testing.TestHeads;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that take the index from one another, one of which is killed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class IndexOwnerTest {
  @TempDir Path folder;

  private ChildJvm start(String name) throws Exception {
    List<String> options = BoundsRig.openings();
    return ChildJvm.start(OwnerProgram.class, options, Map.of(), folder.toString(), name);
  }

  private boolean isFree() throws Exception {
    FileLock lock = FileLocks.of(folder.resolve("v1/locks").toFile(), TimeSource.SYSTEM).tryLock(0);
    if (lock != null) {
      lock.release();
    }
    return lock != null;
  }

  @Test
  void anotherProcessOwnsItSoonAfterTheOwnerWasKilled() throws Exception {
    try (ChildJvm owner = start("a")) {
      assertThat(owner.next()).isEqualTo("stored");
      assertThat(owner.next()).isEqualTo("owns 1 chronicle");
      try (ChildJvm heir = start("b")) {
        assertThat(heir.next()).isEqualTo("stored");
        long killed = System.nanoTime();
        owner.kill();
        while (isFree()) {
          assertThat(System.nanoTime() - killed).isLessThan(TimeUnit.SECONDS.toNanos(5));
          LockSupport.parkNanos(100_000_000);
        }
        assertThat(heir.next()).isEqualTo("owns 2 chronicle");
        assertThat(FolderCheck.files(folder.resolve("v1/index")))
            .as("what was never sealed is not opened again")
            .extracting(file -> file.getFileName().toString())
            .containsExactly("2.cm");
        heir.closeInput();
        assertThat(heir.finish()).containsExactly("faults 0");
      }
    }
    assertThat(FolderCheck.files(folder.resolve("v1/journal"))).isEmpty();
  }

  /** No process keeps anything of an entry that it would have to be told to forget. */
  @Test
  void whatAnotherProcessReplacedIsSeenAtTheNextLookUp() throws Exception {
    Counters counters = new Counters(null);
    try (DiskStore store = DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM)) {
      try (NewBody body = store.newBody("url a")) {
        body.write(new byte[3]);
        store.put(TestHeads.of("url a", 1_000, 3), body);
      }
      StoredEntry old = store.find("url a", null);
      assertThat(old.body()).hasSize(3);
      try (ChildJvm other = start("a")) {
        assertThat(other.next()).isEqualTo("stored");
        assertThat(store.find("url a", null).body()).hasSize(1);
        assertThat(old.body()).isNull();
      }
    }
    assertThat(counters.snapshot().rejected()).isZero();
    assertThat(counters.snapshot().faults()).isZero();
  }

  @Test
  void endingWhileItOpensLosesNoMoreThanTheSeal() throws Exception {
    try (ChildJvm child = start("a")) {
      assertThat(child.next()).isEqualTo("stored");
      child.terminate();
    }
    try (ChildJvm child = start("b")) {
      assertThat(child.next()).isEqualTo("stored");
      assertThat(child.next()).isEqualTo("owns 2 chronicle");
      child.closeInput();
      assertThat(child.finish()).containsExactly("faults 0");
    }
  }
}
