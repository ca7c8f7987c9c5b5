package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@link BoundsRig}: 50 MB into 8 MB. */
@Tag("once")
class BoundsTest {
  private static final long LIMIT = 8 << 20;

  @TempDir Path home;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void folderStaysInItsBoundsUnderFourProcesses() throws Exception {
    BoundsRig.Outcome outcome = BoundsRig.run(home.resolve("cache"), LIMIT, 4_000, 3_000, 4);
    assertThat(outcome.most()).isBetween(LIMIT / 2, LIMIT + LIMIT / 20);
    assertThat(outcome.samples()).isGreaterThan(10);
    assertThat(outcome.stored()).isGreaterThan(3L * LIMIT);
    // So few requests tell the rates but for 0.01; the rig compares them.
    assertThat(outcome.hitRate()).isGreaterThan(outcome.leastRecent() - 0.03);
    assertThat(outcome.wrong()).isZero();
    assertThat(outcome.complaints()).isEmpty();
    FolderCheck.noTemporaries(home);
    FolderCheck.everyHeadHasItsBody(home.resolve("cache"));
  }
}
