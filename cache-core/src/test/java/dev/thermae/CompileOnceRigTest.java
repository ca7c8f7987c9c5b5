package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.FlightRig;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes, cold on the same key at once: exactly one compiles; when it is killed the other
 * one does. {@code -Dthermae.flight.rounds=400 -Dthermae.flight.kills=100} is the long form.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CompileOnceRigTest {
  private static final int ROUNDS = Integer.getInteger("thermae.flight.rounds", 40);
  private static final int KILLS = Integer.getInteger("thermae.flight.kills", 4);

  /** A follower learns within milliseconds that its leader died; the rest is for a busy machine. */
  private static final long BOUND_MICROS = 10_000_000;

  @TempDir Path folder;

  @Test
  void exactlyOneCompilesAndADeadLeaderFreesTheOther() throws Exception {
    try (FlightRig rig = new FlightRig(folder, "unlimited")) {
      for (int round = 0, kills = 0; round < ROUNDS || kills < KILLS; ) {
        if (round < ROUNDS) {
          rig.round();
          round++;
        }
        if (kills < KILLS && kills * (long) ROUNDS <= round * (long) KILLS) {
          rig.kill();
          kills++;
        }
      }
      for (int i = 0; i < 3; i++) {
        rig.cross();
      }
      FlightRig.Figures figures = rig.figures();
      System.out.println("flight: " + figures);
      assertThat(figures.compiledTwice()).isZero();
      assertThat(figures.slowestMicros()).isLessThan(BOUND_MICROS);
      assertThat(figures.outcomes()).doesNotContainKeys("TOO_LONG", "INTERRUPTED");
      assertThat(figures.outcomes()).containsKey("FOUND");
    }
  }
}
