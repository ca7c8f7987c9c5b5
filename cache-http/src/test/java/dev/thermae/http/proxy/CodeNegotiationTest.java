package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.WireCode;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.testing.EngineCompiler;
import dev.thermae.http.testing.WireKeys;
import dev.thermae.http.wire.CodeContainer;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Code as a representation of a resource: negotiated, conditional, published, and never needed. */
class CodeNegotiationTest extends ProxyFixture {
  private static final WireKeys KEYS = new WireKeys(7);
  private static final String[] FRESH = {"ETag: \"1\"", "Cache-Control: max-age=60", "Vary: X"};

  private final EngineCompiler compiler =
      new EngineCompiler(List.of(RhinoEngine.create(), GroovyEngine.create()));
  private final Fingerprint rhino = EngineFingerprint.compute(RhinoEngine.create());
  private final Fingerprint groovy = EngineFingerprint.compute(GroovyEngine.create());

  @Override
  ProxyServerBuilder settings() {
    return super.settings()
        .codeCompiler(compiler)
        .signWith(KEYS.signing())
        .compileWait(Duration.ofSeconds(20));
  }

  private String accept(Fingerprint fingerprint, String more) {
    return "Accept: application/vnd.thermae.code;fp=" + fingerprint + more;
  }

  private HttpResponse<byte[]> bytes(String path, String... fields) throws Exception {
    return client.send(request("GET", path, null, fields), BodyHandlers.ofByteArray());
  }

  private static void isCode(HttpResponse<byte[]> response, String detail) {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(field(response, "Content-Type")).isEqualTo(CodeContainer.MEDIA_TYPE);
    assertThat(response.headers().allValues("Vary")).contains("Accept");
    assertThat(field(response, "Cache-Status")).endsWith("; detail=" + detail);
    assertThat(field(response, "ETag")).matches("\"[0-9a-f]{32}\"");
  }

  private SealedFile opened(CodeContainer container, String text) {
    Source source = Source.of(container.url(), text);
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, rhino);
    return WireCode.open(container.envelope(), key, Seal.verifying(KEYS.open()));
  }

  @Test
  void whoAsksForCodeGetsItAndEverybodyElseTheSource() throws Exception {
    answer(200, JS, FRESH);
    HttpResponse<byte[]> first = bytes("/a.js", accept(rhino, ";source=1"));
    isCode(first, "warm");
    CodeContainer container = CodeContainer.decode(first.body());
    assertThat(container.url()).isEqualTo(originUrl() + "/a.js");
    assertThat(container.source()).isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    assertThat(container.headers().first("ETag")).isEqualTo("\"1\"");
    assertThat(container.headers().all("Vary")).containsExactly("X");
    assertThat(opened(container, JS).rejection()).isNull();
    HttpResponse<byte[]> second = bytes("/a.js", accept(rhino, ""));
    isCode(second, "hot");
    assertThat(field(second, "Cache-Status")).startsWith("thermae; hit");
    assertThat(field(second, "Age")).isEqualTo("0");
    assertThat(CodeContainer.decode(second.body()).source()).isNull();
    assertThat(CodeContainer.decode(second.body()).envelope()).isEqualTo(container.envelope());
    HttpResponse<String> plain = get("/a.js");
    assertThat(plain.body()).isEqualTo(JS);
    assertThat(plain.headers().allValues("Vary")).doesNotContain("Accept");
    assertThat(field(plain, "Cache-Status")).doesNotContain("detail");
    assertThat(compiler.compiles).hasValue(1);
    assertThat(requests).hasSize(1);
    assertThat(proxy.codeStats().compiles()).isEqualTo(1);
    assertThat(proxy.codeStats().toString())
        .startsWith("2 requests for code: 1 hot, 1 warm, 0 cold");
  }

  @Test
  void conditionsAreThoseOfTheContainerOrOfTheSource() throws Exception {
    answer(200, JS, FRESH);
    HttpResponse<byte[]> code = bytes("/a.js", accept(rhino, ";source=1"));
    String tag = field(code, "ETag");
    HttpResponse<byte[]> same = bytes("/a.js", accept(rhino, ";source=1"), "If-None-Match: " + tag);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(field(same, "ETag")).isEqualTo(tag);
    assertThat(same.headers().allValues("Vary")).contains("Accept");
    assertThat(same.body()).isEmpty();
    HttpResponse<byte[]> source =
        bytes("/a.js", accept(rhino, ";source=1"), "If-None-Match: \"1\"");
    assertThat(source.statusCode()).isEqualTo(304);
    assertThat(field(source, "ETag")).isEqualTo("\"1\"");
    HttpResponse<byte[]> other = bytes("/a.js", accept(rhino, ""), "If-None-Match: " + tag);
    isCode(other, "hot");
    assertThat(field(other, "ETag")).isNotEqualTo(tag);
    HttpResponse<String> plain = get("/a.js", "If-None-Match: " + tag);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(plain.body()).isEqualTo(JS);
  }

  @Test
  void headTellsWhatGetWouldAndCompilesNothing() throws Exception {
    answer(200, JS, FRESH);
    get("/a.js");
    HttpResponse<String> before = send("HEAD", "/a.js", null, accept(rhino, ""));
    assertThat(field(before, "Cache-Status")).endsWith("; detail=cold");
    assertThat(compiler.compiles).hasValue(0);
    HttpResponse<byte[]> code = bytes("/a.js", accept(rhino, ""));
    HttpResponse<String> after = send("HEAD", "/a.js", null, accept(rhino, ""));
    assertThat(field(after, "ETag")).isEqualTo(field(code, "ETag"));
    assertThat(field(after, "Content-Length")).isEqualTo(String.valueOf(code.body().length));
  }

  @Test
  void aReplacedBodyHasNoCodeAndGetsItsOwn() throws Exception {
    answer(200, JS, FRESH);
    HttpResponse<byte[]> first = bytes("/a.js", accept(rhino, ""));
    time.advanceSeconds(100);
    answer(304, "", "ETag: \"1\"", "Cache-Control: max-age=60");
    isCode(bytes("/a.js", accept(rhino, "")), "hot");
    time.advanceSeconds(100);
    answer(200, "2;", "ETag: \"2\"", "Cache-Control: max-age=60");
    HttpResponse<byte[]> second = bytes("/a.js", accept(rhino, ""));
    isCode(second, "warm");
    assertThat(field(second, "ETag")).isNotEqualTo(field(first, "ETag"));
    assertThat(opened(CodeContainer.decode(second.body()), "2;").rejection()).isNull();
    assertThat(compiler.compiles).hasValue(2);
  }

  @Test
  void requestsThatComeTogetherShareOneCompile() throws Exception {
    compiler.gate = new CountDownLatch(1);
    answer(200, JS, FRESH);
    get("/a.js");
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(
          client.sendAsync(
              request("GET", "/a.js", null, accept(rhino, "")), BodyHandlers.ofByteArray()));
    }
    await().until(() -> compiler.compiles.get() == 1);
    compiler.gate.countDown();
    for (CompletableFuture<HttpResponse<byte[]>> each : all) {
      assertThat(field(each.get(), "Content-Type")).isEqualTo(CodeContainer.MEDIA_TYPE);
    }
    assertThat(compiler.compiles).hasValue(1);
  }

  @Test
  void whoMustNotWaitGetsTheSourceAndTheNextOneTheCode() throws Exception {
    proxy = open(settings().compileWait(Duration.ZERO));
    answer(200, JS, FRESH);
    compiler.gate = new CountDownLatch(1);
    HttpResponse<byte[]> first = bytes("/a.js", accept(rhino, ""));
    compiler.gate.countDown();
    assertThat(field(first, "Cache-Status")).endsWith("; detail=cold");
    assertThat(first.headers().allValues("Vary")).contains("X", "Accept");
    assertThat(first.body()).isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    await().until(() -> proxy.codeStats().attached() == 1);
    isCode(bytes("/a.js", accept(rhino, "")), "hot");
  }

  /** More than may wait do not: they have the source at once. */
  @Test
  void onlySoManyWait() throws Exception {
    proxy = open(settings().maximumWaiting(1));
    compiler.gate = new CountDownLatch(1);
    answer(200, JS, FRESH);
    get("/a.js");
    CompletableFuture<HttpResponse<byte[]>> waiting =
        client.sendAsync(
            request("GET", "/a.js", null, accept(rhino, "")), BodyHandlers.ofByteArray());
    await().until(() -> compiler.compiles.get() == 1);
    HttpResponse<byte[]> second = bytes("/a.js", accept(rhino, ""));
    assertThat(field(second, "Cache-Status")).endsWith("; detail=cold");
    compiler.gate.countDown();
    isCode(waiting.get(), "warm");
  }

  @Test
  void whereThereIsNoCodeTheSourceIsAnswered() throws Exception {
    answer(200, "function (", FRESH);
    HttpResponse<byte[]> wrong = bytes("/wrong.js", accept(rhino, ""));
    assertThat(field(wrong, "Cache-Status")).endsWith("; detail=cold");
    assertThat(proxy.codeStats().refused(CompileRefusedException.Reason.SOURCE_ERROR)).isEqualTo(1);
    answer(200, JS, "Cache-Control: no-store");
    assertThat(bytes("/private.js", accept(rhino, "")).body())
        .isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    answer(404, "none", FRESH);
    assertThat(bytes("/none.js", accept(rhino, "")).statusCode()).isEqualTo(404);
    answer(200, JS, FRESH);
    Fingerprint strange = Fingerprint.recorded(new byte[32], "");
    assertThat(bytes("/b.js", accept(strange, "")).body())
        .isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    answer(200, JS, "Content-Type: image/png", "Cache-Control: max-age=60");
    assertThat(bytes("/c.png", accept(rhino, "")).body())
        .isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    assertThat(compiler.compiles).hasValue(1);
    assertThat(proxy.codeStats().cold()).isEqualTo(4);
  }

  /** Without a signing key nothing is compiled, signed or handed out; the tries are counted. */
  @Test
  void whoCannotSignHandsOutSources() throws Exception {
    proxy = open(super.settings().codeCompiler(compiler));
    answer(200, JS, FRESH);
    assertThat(bytes("/a.js", accept(rhino, "")).body())
        .isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    assertThat(proxy.codeStats().unsigned()).isEqualTo(1);
    assertThat(compiler.compiles).hasValue(0);
  }

  @Test
  void theFingerprintsArePublished() throws Exception {
    HttpResponse<String> list = get("/.well-known/thermae/fingerprints");
    assertThat(list.statusCode()).isEqualTo(200);
    assertThat(list.body().lines()).containsExactlyInAnyOrder(rhino + " rhino", groovy + " groovy");
    assertThat(get("/.well-known/thermae/x").statusCode()).isEqualTo(404);
    assertThat(get("/.well-known/%74hermae/fingerprints").body()).isEqualTo(list.body());
    assertThat(get("/.well-known/therma%65/x").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/.well-known/thermae/fingerprints", "x").statusCode()).isEqualTo(405);
    assertThat(requests).isEmpty();
  }

  @Test
  void codeHasAnAddressThatNeverChanges() throws Exception {
    String hash =
        HexFormat.of()
            .formatHex(Source.hash(StandardCharsets.UTF_8, JS.getBytes(StandardCharsets.UTF_8)));
    String path = "/code/" + rhino + "/" + hash;
    assertThat(get(path).statusCode()).isEqualTo(404);
    answer(200, JS, FRESH);
    CodeContainer container = CodeContainer.decode(bytes("/a.js", accept(rhino, "")).body());
    HttpResponse<byte[]> code = bytes(path);
    assertThat(code.statusCode()).isEqualTo(200);
    assertThat(code.body()).isEqualTo(container.envelope());
    assertThat(field(code, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    HttpResponse<byte[]> again = bytes(path, "If-None-Match: " + field(code, "ETag"));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(send("HEAD", path, null).statusCode()).isEqualTo(200);
    assertThat(requests).hasSize(1);
    answer(200, "from the origin", FRESH);
    assertThat(get("/code/lib.js").body()).isEqualTo("from the origin");
  }

  /** What was compiled against other classes, or bears a URL, is not the same everywhere. */
  @Test
  void whatIsBoundToAPlaceHasNoAddress() throws Exception {
    String text = "return 1";
    answer(200, text, FRESH);
    isCode(bytes("/a.groovy", accept(groovy, ";named=1")), "warm");
    answer(200, text, FRESH);
    isCode(bytes("/b.groovy", accept(groovy, "")), "warm");
    String hash =
        HexFormat.of()
            .formatHex(Source.hash(StandardCharsets.UTF_8, text.getBytes(StandardCharsets.UTF_8)));
    assertThat(get("/code/" + groovy + "/" + hash).statusCode()).isEqualTo(404);
  }

  /** A compiler that fails in any way costs a request its code, and nothing else. */
  @Test
  void aCompilerThatFailsIsGoneAround() throws Exception {
    CodeCompiler broken =
        new CodeCompiler() {
          @Override
          public Map<Fingerprint, String> producible() {
            return Map.of(rhino, "rhino");
          }

          @Override
          public byte[] compile(Fingerprint fingerprint, Source source, Shape shape) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void close() {}
        };
    proxy = open(settings().codeCompiler(broken));
    answer(200, JS, FRESH);
    assertThat(bytes("/a.js", accept(rhino, "")).body())
        .isEqualTo(JS.getBytes(StandardCharsets.UTF_8));
    assertThat(counters.snapshot().faults()).isEqualTo(1);
  }

  /** Signed envelopes are kept up to a number of bytes, those used last. */
  @Test
  void signedCodeIsBounded() {
    SignedCode signed = new SignedCode(100);
    signed.put("a", new byte[40]);
    signed.put("b", new byte[40]);
    assertThat(signed.find("a")).isNotNull();
    signed.put("c", new byte[40]);
    assertThat(signed.find("b")).isNull();
    assertThat(signed.find("a")).isNotNull();
    signed.put("a", new byte[10]);
    assertThat(signed.bytes()).isEqualTo(50);
    signed.put("d", new byte[101]);
    assertThat(signed.find("d")).isNull();
  }
}
