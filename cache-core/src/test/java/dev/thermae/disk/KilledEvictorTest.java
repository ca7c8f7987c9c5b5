package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.testing.BoundsWorker;
import dev.thermae.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that make room all the time are killed while they do. */
@Tag("once")
class KilledEvictorTest {
  private static final int ROUNDS = 6;
  private static final long LIMIT = 2 << 20;

  @TempDir Path folder;

  private ChildJvm worker(int number) throws Exception {
    return ChildJvm.start(
        BoundsWorker.class,
        folder.toString(),
        Long.toString(LIMIT),
        "500",
        "1000000",
        "1",
        Integer.toString(number),
        "13",
        "no");
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void killedEvictorsLeaveAFolderThatIsRightAndCountedAnew() throws Exception {
    ChildJvm victim = worker(0);
    for (int round = 1; round <= ROUNDS; round++) {
      ChildJvm next = round < ROUNDS ? worker(round) : null;
      assertThat(victim.next()).isEqualTo("begun");
      assertThat(victim.next()).as("%s", victim.noise()).startsWith("at ");
      LockSupport.parkNanos(round * 7_919L * 10_007L % 300_000_000L);
      victim.kill();
      victim.close();
      victim = next;
      assertThat(BoundsRig.allocated(folder)).isLessThan(LIMIT + LIMIT / 20);
    }
    FolderCheck.everyHeadHasItsBody(folder);
    Counters counters = new Counters(null);
    DiskOptions options = DiskOptions.DEFAULTS.maximumBytes(LIMIT);
    try (DiskStore store =
        DiskStore.open(folder, Seal.checksum(), counters, TimeSource.SYSTEM, options)) {
      GcResult result = store.gc();
      assertThat(result.bytesInUse()).isLessThan(LIMIT);
    }
    InUse told = InUse.decode(Files.readAllBytes(folder.resolve("v1/usage")));
    assertThat(told).isNotNull();
    assertThat(Math.abs(told.bytes() - BoundsRig.allocated(folder))).isLessThan(LIMIT / 50);
    assertThat(counters.snapshot().faults()).isZero();
    assertThat(counters.snapshot().rejected()).isZero();
  }
}
