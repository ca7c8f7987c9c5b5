package dev.thermae.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for others, and for how long. */
class PatienceTest {
  private static final long MILLI = 1_000_000;

  private static long wait(Patience patience, long recorded, long length) {
    return patience.nanos(Plan.COMPILE_AND_ATTACH, false, recorded, length);
  }

  @ParameterizedTest
  @EnumSource(Plan.class)
  void onlyWhoWillAttachWaitsAndOnlyIfNobodyWaitsForIt(Plan plan) {
    boolean waits = plan == Plan.COMPILE_AND_ATTACH;
    assertThat(Patience.unlimited().nanos(plan, false, 0, 0)).isEqualTo(waits ? Long.MAX_VALUE : 0);
    assertThat(Patience.asExpected().nanos(plan, false, 0, 0) > 0).isEqualTo(waits);
    assertThat(Patience.unlimited().nanos(plan, true, 0, 0)).isZero();
  }

  @Test
  void expectationIsWhatItTookElseTheSize() {
    Patience patience = Patience.asExpected();
    assertThat(wait(patience, 0, 0)).isEqualTo(500 * MILLI);
    assertThat(wait(patience, 0, 150_000)).isEqualTo(1_100 * MILLI);
    assertThat(wait(patience, 1_000 * MILLI, 100)).isEqualTo(3_500 * MILLI);
    assertThat(wait(patience, Long.MAX_VALUE, 100)).isEqualTo(60_000 * MILLI);
    assertThat(wait(patience, 0, Integer.MAX_VALUE)).isEqualTo(60_000 * MILLI);
  }

  @Test
  void limitsAreTakenAsTheyAre() {
    assertThat(wait(Patience.none(), 5, 5)).isZero();
    assertThat(wait(Patience.atMost(Duration.ofMillis(3)), 5, 5)).isEqualTo(3 * MILLI);
    assertThat(wait(Patience.atMost(Duration.ofDays(1_000_000)), 5, 5)).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> Patience.atMost(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
