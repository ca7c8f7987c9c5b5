package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is remembered, and for how long. */
class RefusalsTest {
  private long nanos;
  private final TimeSource time =
      new TimeSource() {
        @Override
        public long nanos() {
          return nanos;
        }
      };

  private static CompileRefusedException fault() {
    return new CompileRefusedException(Reason.TIMEOUT, "too long");
  }

  @Test
  void forgottenInTime() {
    Refusals refusals = new Refusals(time);
    CompileRefusedException fault = fault();
    refusals.add("a", fault, Duration.ofSeconds(10));
    nanos = Duration.ofSeconds(10).toNanos() - 1;
    assertThat(refusals.find("a")).isSameAs(fault);
    nanos++;
    assertThat(refusals.find("a")).isNull();
  }

  @Test
  void bounded() {
    Refusals refusals = new Refusals(time);
    for (int i = 0; i < 20_000; i++) {
      refusals.add(i, fault(), Duration.ofSeconds(10));
    }
    assertThat(refusals.find(0)).isNull();
    assertThat(refusals.find(9_999)).isNull();
    assertThat(refusals.find(10_000)).isNotNull();
  }

  @Test
  void startsArePausedLongerAndLonger() throws Exception {
    StartPause pause = new StartPause(time);
    pause.check();
    long expected = Duration.ofMillis(100).toNanos();
    for (int i = 0; i < 20; i++) {
      assertThat(pause.failed("no memory").reason).isEqualTo(Reason.CRASHED);
      nanos += expected - 1;
      assertThatThrownBy(pause::check).hasMessageContaining("no memory");
      nanos++;
      pause.check();
      expected = Math.min(2 * expected, Duration.ofMillis(51_200).toNanos());
    }
    pause.failed("no memory");
    pause.over();
    pause.check();
  }
}
