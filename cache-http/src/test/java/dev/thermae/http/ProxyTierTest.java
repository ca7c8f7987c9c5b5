package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.http.testing.WireKeys;
import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a proxy, and where; what its own fields become. */
class ProxyTierTest {
  private static final WireKeys KEYS = new WireKeys(7);

  private final MockWebServer proxy = PromptServer.create();

  @BeforeEach
  void start() throws IOException {
    proxy.start();
  }

  @AfterEach
  void stop() {
    proxy.close();
  }

  private ProxyTier.Builder tier() {
    return ProxyTier.builder(proxy.url("/").toString(), KEYS.open())
        .timeout(Duration.ofSeconds(30));
  }

  private CodeLoader<String> worker(ProxyTier.Builder tier) {
    return CodeLoader.builder(new TextEngine()).inMemory().proxy(tier.build()).build();
  }

  private void answer(String... fields) {
    MockResponse.Builder response =
        new MockResponse.Builder().body("text").addHeader("Via", "1.1 thermae");
    for (int i = 0; i < fields.length; i += 2) {
      response.addHeader(fields[i], fields[i + 1]);
    }
    proxy.enqueue(response.build());
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/a.js, /fetch/http/example.org/a.js",
    "https://example.org:8443/a%2Fb.js?x=1&y=%20, /fetch/https/example.org:8443/a%2Fb.js?x=1&y=%20",
    "http://[2001:db8::1]:81/, /fetch/http/%5B2001:db8::1%5D:81/"
  })
  void everyUrlHasAPathOfItsOwn(String url, String path) throws Exception {
    answer();
    try (CodeLoader<String> worker = worker(tier())) {
      assertThat(worker.load(url).code()).isEqualTo("text");
    }
    RecordedRequest request = proxy.takeRequest();
    assertThat(request.getTarget()).isEqualTo(path);
    assertThat(request.getHeaders().get("Accept"))
        .matches("application/vnd\\.thermae\\.code;fp=[0-9a-f]{64};source=1, \\*/\\*;q=0\\.1");
  }

  @Test
  void theProxyOfOneOriginIsAskedForItsPathsAlone() throws Exception {
    answer();
    try (CodeLoader<String> worker = worker(tier().origin("http://one.example:81/"))) {
      worker.fetch(
          ResourceRequest.get("http://one.example:81/a.js?b").header("Accept", "text/javascript"));
    }
    RecordedRequest request = proxy.takeRequest();
    assertThat(request.getTarget()).isEqualTo("/a.js?b");
    assertThat(request.getHeaders().get("Accept")).endsWith(";source=1, text/javascript");
    try (MockWebServer other = PromptServer.create();
        CodeLoader<String> worker = worker(tier().origin("http://localhost:1" + proxy.getPort()))) {
      other.start();
      other.enqueue(new MockResponse.Builder().body("other").build());
      assertThat(worker.load(other.url("/a.js").toString()).code()).isEqualTo("other");
    }
    assertThat(proxy.getRequestCount()).isEqualTo(1);
  }

  /** A proxy in front of one origin asks that for /fetch/, and has its 404. */
  @Test
  void whatIsMissingByFetchIsAskedOfItsOrigin() throws Exception {
    proxy.enqueue(new MockResponse.Builder().code(404).addHeader("Via", "1.1 thermae").build());
    try (MockWebServer other = PromptServer.create()) {
      other.start();
      other.enqueue(new MockResponse.Builder().body("other").build());
      ProxyTier tier = tier().build();
      try (CodeLoader<String> worker =
          CodeLoader.builder(new TextEngine()).inMemory().proxy(tier).build()) {
        assertThat(worker.load(other.url("/a.js").toString()).code()).isEqualTo("other");
      }
      assertThat(tier.stats().failed(ProxyFault.NOT_FORWARDED)).isEqualTo(1);
    }
  }

  /** What varies by what the proxy was asked for does not vary for the worker. */
  @Test
  void theProxysOwnFieldsAreNotKept() throws Exception {
    answer("Vary", "Accept", "Cache-Status", "thermae; hit; detail=cold", "ETag", "\"1\"");
    try (CodeLoader<String> worker = worker(tier())) {
      Fetched fetched = worker.fetch(ResourceRequest.get("http://example.org/a.js"));
      assertThat(fetched.headers().has("Vary")).isFalse();
      assertThat(fetched.headers().has("Cache-Status")).isFalse();
      assertThat(fetched.headers().first("ETag")).isEqualTo("\"1\"");
    }
    HeaderList both = HeaderList.of("Vary", "Accept", "Vary", "Origin, accept", "A", "b");
    HeaderList kept = ProxyClient.withoutOurs(both);
    assertThat(kept.all("Vary")).containsExactly("Origin", "accept");
    assertThat(kept.first("A")).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "proxy:8080",
        "ftp://proxy",
        "http://",
        "http://proxy/path",
        "http://proxy?x",
        "http://user@proxy",
        "http://proxy#x"
      })
  void aProxyIsASchemeAndAnAuthority(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> ProxyTier.builder(url, KEYS.open()));
  }

  @Test
  void whatIsCountedIsToldInWords() {
    assertThat(tier().build().stats())
        .hasToString("ProxyTierStats[asked=0, sources=0, codes=0, attached=0, faults={}]");
    ProxyTier tier = tier().build();
    tier.failed(ProxyFault.TIMEOUT);
    assertThat(tier.stats().toString()).endsWith("faults={TIMEOUT=1}]");
  }
}
