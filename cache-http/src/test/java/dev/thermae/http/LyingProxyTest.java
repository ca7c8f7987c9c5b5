package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.WireCode;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.CacheListener;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.http.wire.CodeContainer;
import dev.thermae.policy.CachePolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A proxy that says anything at all: its code is never taken for other code, each lie has its
 * reason, and the worker has the right result from the origin.
 */
class LyingProxyTest {
  private static final WireKeys KEYS = new WireKeys(7);
  private static final String TEXT = "the right source";
  private static final byte[] BODY = TEXT.getBytes(StandardCharsets.UTF_8);

  private final TextEngine engine = new TextEngine();
  private final Fingerprint fingerprint = EngineFingerprint.compute(engine);
  private final MockWebServer origin = PromptServer.create();
  private final MockWebServer liar = PromptServer.create();
  private MockResponse lie = new MockResponse.Builder().build();

  @BeforeEach
  void start() throws IOException {
    MockResponse truth =
        new MockResponse.Builder().body(TEXT).addHeader("Cache-Control", "max-age=60").build();
    origin.setDispatcher(answering(() -> truth));
    liar.setDispatcher(answering(() -> lie));
    origin.start();
    liar.start();
  }

  private static Dispatcher answering(Supplier<MockResponse> response) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return response.get();
      }
    };
  }

  @AfterEach
  void stop() {
    origin.close();
    liar.close();
  }

  private String url() {
    return origin.url("/a.js").toString();
  }

  private CodeContainer container(String url, byte[] envelope, byte[] source) {
    HeaderList headers =
        HeaderList.of("Content-Type", "text/javascript", "Cache-Control", "max-age=60");
    return new CodeContainer(url, 200, "OK", headers, envelope, source);
  }

  private byte[] envelope(Ed25519SigningKey by, Fingerprint claimed, String source) {
    Seal seal = Seal.signing(by, Ed25519PublicKeys.none());
    CodeKey key = new CodeKey("", Source.of(url(), source), Shape.SCRIPT, claimed);
    return WireCode.seal(key, seal, "the code of it".getBytes(StandardCharsets.UTF_8));
  }

  private byte[] genuine() {
    return container(url(), envelope(KEYS.signing(), fingerprint, TEXT), BODY).encode();
  }

  private static MockResponse.Builder forwarded(byte[] container) {
    return new MockResponse.Builder()
        .addHeader("Via", "1.1 thermae")
        .addHeader("Content-Type", CodeContainer.MEDIA_TYPE)
        .body(new Buffer().write(container));
  }

  private ProxyTier.Builder tier() {
    String root = liar.url("/").toString();
    return ProxyTier.builder(root, KEYS.open())
        .origin(origin.url("/").toString())
        .timeout(Duration.ofSeconds(30))
        .limit(Duration.ofSeconds(60));
  }

  private CodeLoader<String> worker(ProxyTier tier) {
    return CodeLoader.builder(engine).inMemory().policy(CachePolicy.eager()).proxy(tier).build();
  }

  /** What a worker makes of the lie; the origin's truth where it does not believe it. */
  private void lied(String what, ProxyTier.Builder settings, ProxyFault fault, Rejection rejection)
      throws IOException {
    int before = origin.getRequestCount();
    ProxyTier tier = settings.build();
    try (CodeLoader<String> worker = worker(tier)) {
      assertThat(worker.load(url()).code()).as(what).isEqualTo(TEXT);
      assertThat(tier.stats().failed(fault)).as("%s: %s", what, tier.stats()).isEqualTo(1);
      assertThat(tier.stats().failed()).as(what).isEqualTo(1);
      assertThat(tier.stats().attached()).as(what).isZero();
      var stats = worker.cache().stats();
      assertThat(rejection == null ? 1 : stats.rejected(rejection)).as(what).isEqualTo(1);
    }
    assertThat(origin.getRequestCount() - before).as(what).isEqualTo(1);
  }

  private void lied(String what, byte[] container, ProxyFault fault, Rejection rejection)
      throws IOException {
    lie = forwarded(container).build();
    lied(what, tier(), fault, rejection);
  }

  /** The test can fail: what is signed is run as it is. */
  @Test
  void genuineCodeIsBelieved() throws IOException {
    lie = forwarded(genuine()).build();
    ProxyTier tier = tier().build();
    try (CodeLoader<String> worker = worker(tier)) {
      assertThat(worker.load(url()).code()).isEqualTo("the code of it");
    }
    assertThat(tier.stats().codes()).isEqualTo(1);
    assertThat(origin.getRequestCount()).isZero();
    assertThat(engine.compiles).hasValue(0);
  }

  @Test
  void codeThatIsNotOfThisSourceAndEngineIsRefused() throws IOException {
    WireKeys other = new WireKeys(7);
    WireKeys unknown = new WireKeys(8);
    Fingerprint strange = Fingerprint.recorded(new byte[32], "a=b\n");
    byte[] good = envelope(KEYS.signing(), fingerprint, TEXT);
    byte[] forged = envelope(other.signing(), fingerprint, TEXT);
    byte[] newer = envelope(unknown.signing(), fingerprint, TEXT);
    byte[] foreign = envelope(KEYS.signing(), strange, TEXT);
    byte[] elsewhere = envelope(KEYS.signing(), fingerprint, "another source");
    CodeKey key = new CodeKey("", Source.of(url(), TEXT), Shape.SCRIPT, fingerprint);
    Seal seal = Seal.signing(KEYS.signing(), Ed25519PublicKeys.none());
    byte[] named = WireCode.seal(key.named(), seal, BODY);
    byte[] checked = key.seal(Seal.checksum(), new byte[32], Generation.NONE, BODY);
    ProxyFault code = ProxyFault.CODE;
    lied("forged", container(url(), forged, BODY).encode(), ProxyFault.KEY, Rejection.SEAL);
    byte[] next = container(url(), newer, BODY).encode();
    lied("no key of ours", next, ProxyFault.KEY, Rejection.KEY);
    lied("other engine", container(url(), foreign, BODY).encode(), code, Rejection.FINGERPRINT);
    lied("other source", container(url(), elsewhere, BODY).encode(), code, Rejection.SOURCE);
    lied("other shape", container(url(), named, BODY).encode(), code, Rejection.SOURCE);
    lied("not signed", container(url(), checked, BODY).encode(), code, Rejection.FORMAT);
    lied("no code", container(url(), new byte[0], BODY).encode(), code, Rejection.TRUNCATED);
    byte[] evil = "an evil source!!".getBytes(StandardCharsets.UTF_8);
    lied("swapped source", container(url(), good, evil).encode(), code, Rejection.SOURCE);
    HeaderList coded = HeaderList.of("Content-Encoding", "gzip");
    byte[] damaged = new CodeContainer(url(), 200, "OK", coded, good, BODY).encode();
    lied("no gzip", damaged, code, Rejection.SOURCE);
  }

  /** At every request it is the same; the log says it once, with what to do. */
  @Test
  void aWrongPublicKeyIsToldOnce() throws IOException {
    List<String> warnings = new ArrayList<>();
    CacheListener listener =
        new CacheListener() {
          @Override
          public void onWarning(String message) {
            warnings.add(message);
          }
        };
    byte[] newer = envelope(new WireKeys(8).signing(), fingerprint, TEXT);
    byte[] same = envelope(new WireKeys(7).signing(), fingerprint, TEXT);
    for (byte[] envelope : new byte[][] {newer, same}) {
      lie = forwarded(container(url(), envelope, BODY).encode()).build();
      ProxyTier tier = tier().build();
      for (int i = 0; i < 2; i++) {
        try (CodeLoader<String> worker =
            CodeLoader.builder(engine)
                .inMemory()
                .policy(CachePolicy.eager())
                .listener(listener)
                .proxy(tier)
                .build()) {
          assertThat(worker.load(url()).code()).isEqualTo(TEXT);
        }
      }
      assertThat(tier.stats().failed(ProxyFault.KEY)).isEqualTo(2);
      assertThat(tier.stats().toString()).endsWith("faults={KEY=2}]");
    }
    String proxy = liar.url("/").toString().replaceAll("/$", "");
    assertThat(warnings)
        .satisfiesExactly(
            told ->
                assertThat(told)
                    .contains(proxy, "is of another key than the ones accepted")
                    .contains("it calls itself number 8, and known here are [7]")
                    .contains("Ed25519PublicKeys.accepting(8, FILE), or --public-key 8=FILE"),
            told -> assertThat(told).contains("whose public half is known here as number 7"));
  }

  /** Who believes no key is served sources alone. */
  @Test
  void withoutKeysNoCodeIsAskedFor() throws Exception {
    lie = forwarded(BODY).setHeader("Content-Type", "text/javascript").build();
    ProxyTier tier =
        ProxyTier.builder(liar.url("/").toString(), Ed25519PublicKeys.none())
            .origin(origin.url("/").toString())
            .timeout(Duration.ofSeconds(30))
            .build();
    try (CodeLoader<String> worker = worker(tier)) {
      assertThat(worker.load(url()).code()).isEqualTo(TEXT);
    }
    assertThat(liar.takeRequest().getHeaders().get("Accept")).isEqualTo("*/*");
    assertThat(tier.stats().sources()).isEqualTo(1);
  }

  @Test
  void whatIsNoContainerOfThisUrlIsRefused() throws IOException {
    byte[] good = envelope(KEYS.signing(), fingerprint, TEXT);
    String other = origin.url("/b.js").toString();
    lied("other URL", container(other, good, BODY).encode(), ProxyFault.WRONG_URL, null);
    lied("no source", container(url(), good, null).encode(), ProxyFault.MALFORMED, null);
    lied("nothing", new byte[0], ProxyFault.MALFORMED, null);
    lied("noise", new byte[5_000], ProxyFault.MALFORMED, null);
    byte[] cut = Arrays.copyOf(genuine(), genuine().length - 1);
    lied("cut", cut, ProxyFault.MALFORMED, null);
  }

  @Test
  void whoDoesNotAnswerForTheOriginIsNotHeard() throws IOException {
    for (int status : new int[] {400, 403, 404, 500, 502, 503, 504}) {
      lie = new MockResponse.Builder().code(status).body("by myself").build();
      lied("by itself " + status, tier(), ProxyFault.NOT_FORWARDED, null);
    }
    lie = new MockResponse.Builder().body("some login page").build();
    lied("somebody in between", tier(), ProxyFault.NOT_FORWARDED, null);
    lie = forwarded(genuine()).build();
    lied("too long", tier().maximumBytes(100), ProxyFault.TOO_LONG, null);
    lie = forwarded(genuine()).removeHeader("Content-Length").chunkedBody(text(), 7).build();
    lied("too long, unannounced", tier().maximumBytes(100), ProxyFault.TOO_LONG, null);
  }

  private static String text() {
    return "x".repeat(1_000);
  }

  @Test
  void whoIsSilentIsNotWaitedFor() throws IOException {
    lie = forwarded(genuine()).headersDelay(1, TimeUnit.HOURS).build();
    ProxyTier.Builder hasty = tier().timeout(Duration.ofMillis(100));
    lied("no answer", hasty, ProxyFault.TIMEOUT, null);
    lie = forwarded(genuine()).throttleBody(1, 10, TimeUnit.MILLISECONDS).build();
    lied("drop by drop", tier().limit(Duration.ofMillis(300)), ProxyFault.TIMEOUT, null);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProxyTier.Builder deaf =
          ProxyTier.builder("http://127.0.0.1:" + silent.getLocalPort(), KEYS.open())
              .origin(origin.url("/").toString())
              .timeout(Duration.ofMillis(100));
      lied("nobody accepts", deaf, ProxyFault.TIMEOUT, null);
    }
  }

  /** A bit of every byte, under a right checksum: the code is right, or it is the origin's. */
  @Test
  void flippedBitsNeverMakeOtherCode() throws IOException {
    SealedFile file = SealedFile.open(genuine(), 0x574D4854, 1, 4, Seal.checksum());
    int believed = 0;
    int tried = 0;
    for (int section = 0; section < 4; section++) {
      for (int bit = 0; bit < 8 * file.length(section); bit += 9) {
        byte[][] sections = {file.section(0), file.section(1), file.section(2), file.section(3)};
        sections[section][bit / 8] ^= (byte) (1 << bit % 8);
        lie = forwarded(SealedFile.seal(0x574D4854, 1, Seal.checksum(), sections)).build();
        String text = loaded();
        assertThat(text).as("section %d, bit %d", section, bit).isIn(TEXT, "the code of it");
        boolean code = text.equals("the code of it");
        assertThat(code && section != 1).as("section %d, bit %d", section, bit).isFalse();
        believed += code ? 1 : 0;
        tried++;
      }
    }
    assertThat(believed).as("flips in fields that say nothing").isBetween(1, tried / 2);
  }

  private String loaded() throws IOException {
    try (CodeLoader<String> worker = worker(tier().build())) {
      return worker.load(url()).code();
    }
  }
}
