package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Rejection;
import dev.thermae.event.Counters;
import org.junit.jupiter.api.Test;

/** Statistics that are printed say what was refused, and how often. */
class StatsTextTest {
  @Test
  void reasonsAreNamed() {
    Counters counters = new Counters(null);
    assertThat(counters.snapshot()).asString().contains("hot=0", "rejections={}", "waits={}");
    counters.onRejected("here", Rejection.SEAL, "damaged");
    counters.onRejected("here", Rejection.SEAL, "damaged");
    counters.onRejected("here", Rejection.DEPENDENCY, "changed");
    assertThat(counters.snapshot()).asString().contains("rejections={SEAL=2, DEPENDENCY=1}");
  }
}
