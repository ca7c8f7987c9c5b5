package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Source;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.proxy.ProxyRequest.Outcome;
import dev.thermae.http.testing.EngineCompiler;
import dev.thermae.http.testing.WireKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The proxy's own paths, as listeners and logs are told of them. */
@Tag("once")
class PublishedRequestsTest extends ProxyFixture {
  private final EngineCompiler compiler = new EngineCompiler(List.of(RhinoEngine.create()));
  private final List<ProxyRequest> told = new CopyOnWriteArrayList<>();

  @Override
  ProxyServerBuilder settings() {
    return super.settings()
        .codeCompiler(compiler)
        .signWith(new WireKeys(7).signing())
        .compileWait(Duration.ofSeconds(20))
        .listener(told::add);
  }

  @Test
  void whatIsPublishedIsNotRefused() throws Exception {
    Fingerprint rhino = EngineFingerprint.compute(RhinoEngine.create());
    byte[] source = JS.getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(Source.hash(StandardCharsets.UTF_8, source));
    String code = "/code/" + rhino + "/" + hash;
    assertThat(get("/.well-known/thermae/fingerprints").statusCode()).isEqualTo(200);
    assertThat(get(code).statusCode()).isEqualTo(404);
    answer(200, JS, "Cache-Control: max-age=60");
    get("/a.js", "Accept: application/vnd.thermae.code;fp=" + rhino);
    assertThat(get(code).statusCode()).isEqualTo(200);
    assertThat(send("POST", code, "x").statusCode()).isEqualTo(405);
    await().until(() -> told.size() == 5);
    assertThat(told)
        .extracting(ProxyRequest::outcome)
        .containsExactly(
            Outcome.PUBLISHED, Outcome.PUBLISHED, Outcome.MISS, Outcome.PUBLISHED, Outcome.REFUSED);
    assertThat(told).extracting(ProxyRequest::status).containsExactly(200, 404, 200, 200, 405);
    assertThat(told.get(3).target()).isEqualTo(code);
    assertThat(told.get(3).bytes()).isPositive();
    assertThat(Outcome.PUBLISHED).hasToString("published");
    assertThat(Outcome.PUBLISHED.isCacheable()).isFalse();
  }
}
