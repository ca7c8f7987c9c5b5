package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.disk.FolderCheck;
import dev.thermae.testing.KillRig;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five processes work on one folder, and most of them are killed again and again. {@code
 * -Dthermae.kills=2000} is the long form.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledProcessTest {
  private static final int KILLS = Integer.getInteger("thermae.kills", 40);

  /** Of so many kills some strike while a file is written; of fewer, luck decides. */
  private static final int ENOUGH_TO_HIT = 400;

  private static final int BURSTS = Math.max(2, KILLS / 100);

  /** The bounds are those of the long form; a slice runs on machines that do other things too. */
  private static final int SLACK = KILLS < 1_000 ? 10 : 1;

  private static final long SLOWEST_MICROS = 2_000_000L * SLACK;
  private static final long RECOVERY_MILLIS = 10_000L * SLACK;

  @TempDir Path folder;

  @Test
  void killedProcessesHurtNobody() throws Exception {
    KillRig.Figures figures;
    try (KillRig rig = new KillRig(folder)) {
      for (int burst = 1; burst <= BURSTS && rig.figures().wrong().isEmpty(); burst++) {
        rig.burst(KILLS / BURSTS, RECOVERY_MILLIS);
        if (burst % 5 == 0) {
          System.out.println("kill -9: " + rig.figures());
        }
      }
      figures = rig.figures();
    }
    System.out.println("kill -9: " + figures);
    assertThat(figures.wrong()).isEmpty();
    assertThat(figures.hangs()).isZero();
    assertThat(figures.kills()).isGreaterThanOrEqualTo(KILLS);
    assertThat(figures.worstMicros()).isLessThan(SLOWEST_MICROS);
    assertThat(figures.recoveryMillis()).isLessThan(RECOVERY_MILLIS);
    FolderCheck.everyHeadHasItsBody(folder);
    if (KILLS >= ENOUGH_TO_HIT) {
      assertThat(FolderCheck.files(folder.resolve("v1/temporary")))
          .as("files that were being written when their process was killed")
          .isNotEmpty();
    }
  }
}
