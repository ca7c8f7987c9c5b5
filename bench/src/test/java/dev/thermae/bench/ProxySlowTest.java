package dev.thermae.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Slow clients, a few of them, for two seconds. */
class ProxySlowTest extends ProxyRigFixture {
  private static final String LIMITS =
      "listen { head-timeout = 3s, idle-timeout = 4s, grace-time = 2s, minimum-rate = 1MiB }\n";

  @Test
  void slowClientsAreThrownOutAndOthersAreAnswered() throws Exception {
    ProxySlow.Settings settings =
        new ProxySlow.Settings(1, 2, 120, LIMITS, 60, SlowKind.ofClearText());
    ProxySlow.Result result = new ProxySlow(out, serve, settings).run();
    assertThat(result.faults()).as(printed()).isEmpty();
    assertThat(result.survivors()).as(printed()).isZero();
    assertThat(result.ended()).as(printed()).containsExactlyElementsOf(SlowKind.ofClearText());
  }

  @Test
  void whoNeverEndsAHandshakeIsThrownOut() throws Exception {
    ProxySlow.Settings settings = new ProxySlow.Settings(1, 2, 60, LIMITS, 60, SlowKind.ofTls());
    ProxySlow.Result result = new ProxySlow(out, serve, settings).run();
    assertThat(result.survivors()).as(printed()).isZero();
    assertThat(result.ended()).as(printed()).isEqualTo(EnumSet.copyOf(SlowKind.ofTls()));
  }
}
