package dev.thermae.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thermae.http.CodeLoader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A slice of each rig of the proxy: what must be right, never how long it takes. Over the command's
 * jar, so nothing before {@code package}.
 */
@Tag("once")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ProxyRigsTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private static ServeCommand serve;

  @BeforeAll
  static void find() throws URISyntaxException {
    URL classes = CodeLoader.class.getProtectionDomain().getCodeSource().getLocation();
    Path jar = Path.of(classes.toURI()).resolveSibling("thermae.jar");
    assumeTrue(Files.exists(jar), "made by package");
    serve = ServeCommand.jar(jar);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

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
