package dev.thermae.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Kills, takeovers and bombs. */
class ProxyRigsTest extends ProxyRigFixture {
  @Test
  void aKilledProxySendsNoWrongBody() throws Exception {
    ProxyKill.Settings settings = new ProxyKill.Settings(1, 60, 4, 50, 0.3);
    ProxyKill.Result result = new ProxyKill(out, serve, settings).run();
    assertThat(result.wrong()).as(printed()).isEmpty();
    assertThat(result.requests()).isPositive();
  }

  @Test
  void aTakeoverFailsNobodyWhoRepeats() throws Exception {
    ProxyTakeover.Settings settings = new ProxyTakeover.Settings(500, 2, 8, 50);
    ProxyTakeover.Result result = new ProxyTakeover(out, serve, settings).run();
    assertThat(result.wrong()).as(printed()).isEmpty();
    assertThat(result.repeated()).as(printed()).isZero();
  }

  /** Takes a minute: {@code CompileBombTest} is what is looked at each time. */
  @Test
  @EnabledIfSystemProperty(named = "thermae.bombs", matches = "true")
  void bombsAreSourcesAndHonestOnesAreCompiled() throws Exception {
    String limits = "compile { time = 10s, heap = 64MiB, wait = 200ms }\n";
    ProxyBombs.Settings settings = new ProxyBombs.Settings(1, 3, limits);
    ProxyBombs.Result result = new ProxyBombs(out, serve, settings).run();
    assertThat(result.faults()).as(printed()).isEqualTo(List.of());
    assertThat(result.answers().keySet())
        .as(printed())
        .isNotEmpty()
        .allMatch(answer -> answer.endsWith(": 200 the source"));
    assertThat(result.honest()).as(printed()).isTrue();
  }
}
