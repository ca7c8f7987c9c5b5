package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packed, when, how often, and who gets it. */
@Tag("once")
class PackedRepresentationsTest extends PackedFixture {
  private static final String VARY = "Accept-Encoding";

  /** Which coding a client gets of a body that came plain, or packed, with all in memory. */
  @ParameterizedTest
  @CsvSource({
    "plain, gzip, gzip",
    "plain, 'gzip, deflate, br, zstd', zstd",
    "plain, 'zstd;q=0.5, gzip', gzip",
    "plain, zstd, zstd",
    "plain, *, gzip",
    "plain, 'gzip;q=0.5, *', zstd",
    "plain, 'gzip, identity;q=0', gzip",
    "plain, 'identity, gzip;q=0.5', ",
    "plain, 'gzip;q=0, br', ",
    "plain, identity;q=0, ",
    "plain, *;q=0, ",
    "plain, '', ",
    "plain, br, ",
    "gzip, gzip, gzip",
    "gzip, 'gzip, deflate, br, zstd', gzip",
    "gzip, zstd, ",
    "gzip, 'identity, gzip;q=0.5', ",
    "gzip, *, gzip",
    "gzip, br, ",
    "gzip, '', ",
  })
  void whoGetsWhat(String stored, String accepted, String coding) throws Exception {
    if (stored.equals("plain")) {
      warm(MINUTE, TAG, TYPE);
      packed("/a.js", "Accept-Encoding: zstd");
    } else {
      byte[] bytes = gzip(TEXT);
      script.add(request -> response(200, bytes, MINUTE, TAG, TYPE, "Content-Encoding: gzip"));
      fetch("/a.js", GZIP);
    }
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response = fetch("/a.js", "Accept-Encoding: " + accepted);
      assertThat(field(response, "Content-Encoding")).isEqualTo(coding);
      assertThat(text(response)).isEqualTo(TEXT);
      assertThat(field(response, "Vary")).isEqualTo(VARY);
      assertThat(field(response, "Content-Length")).isEqualTo("" + response.body().length);
      assertThat(field(response, "ETag")).matches(tag(stored, coding));
    }
    assertThat(requests).hasSize(1);
    assertThat(proxy.packedBodies()).isEqualTo(stored.equals("plain") ? 2 : 0);
  }

  /** Other bytes than the origin's never have its strong tag. */
  private static String tag(String stored, String coding) {
    if (stored.equals("gzip")) {
      return coding == null ? "W/\"v1\"" : "\"v1\"";
    }
    return coding == null ? "\"v1\"" : "\"v1-" + coding + "-[0-9a-f]{8}\"";
  }

  @Test
  void onceAskedForIsNotEnough() throws Exception {
    answer(200, TEXT, MINUTE, TAG, TYPE);
    HttpResponse<byte[]> first = fetch("/a.js", GZIP);
    assertThat(field(first, "Vary")).isEqualTo(VARY);
    assertThat(text(first)).isEqualTo(TEXT);
    answer(200, TEXT, "Cache-Control: no-store", TYPE);
    fetch("/b.js", GZIP);
    answer(200, TEXT, "Cache-Control: no-store", TYPE);
    fetch("/b.js", GZIP);
    assertThat(proxy.packedBodies()).isZero();
    packed("/a.js", GZIP);
    assertThat(proxy.packedBodies()).isEqualTo(1);
  }

  /** Neither what must not be packed nor what is not worth it ever is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: image/png",
        "Content-Type: text/event-stream",
        "Content-Type: application/vnd.thermae.code",
        "X-No: type",
        "Set-Cookie: a=b",
        "Cache-Control: no-transform",
        "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
        "Content-Encoding: br",
        "Vary: X-Mood",
        "short",
        "noise",
      })
  void whatIsLeftAlone(String field) throws Exception {
    byte[] noise = new byte[5000];
    new Random(7).nextBytes(noise);
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    byte[] body =
        field.equals("noise")
            ? noise
            : field.equals("short") ? JS.getBytes(StandardCharsets.UTF_8) : text;
    List<String> fields = new ArrayList<>(List.of(MINUTE, TAG));
    fields.add(field.contains(":") ? field : "X-Body: " + field);
    if (!field.startsWith("Content-Type") && !field.startsWith("X-No")) {
      fields.add(TYPE);
    }
    script.add(request -> response(200, body, fields.toArray(new String[0])));
    fetch("/a.js", GZIP);
    for (int second = 0; second < 3; second++) {
      HttpResponse<byte[]> response = fetch("/a.js", GZIP);
      assertThat(response.body()).isEqualTo(body);
      assertThat(field(response, "ETag")).isEqualTo("\"v1\"");
      boolean might = field.equals("noise");
      String own = field.startsWith("Vary") ? "X-Mood" : null;
      assertThat(field(response, "Vary")).isEqualTo(might ? VARY : own);
      time.advance(1_000);
    }
    assertThat(allIsPacked()).isZero();
    assertThat(fetch("/a.js", GZIP).body()).isEqualTo(body);
  }

  /** How many bodies were packed, once the one thread has done whatever it was asked for. */
  private long allIsPacked() throws Exception {
    answer(200, TEXT, MINUTE, TYPE);
    fetch("/last.js", GZIP);
    packed("/last.js", GZIP);
    requests.remove(requests.size() - 1);
    return proxy.packedBodies() - 1;
  }

  /** A body in the answer to who shows credentials is what the origin sent (BREACH). */
  @ParameterizedTest
  @ValueSource(
      strings = {"Cookie: a=b", "Authorization: Basic eA==", "Cache-Control: no-transform"})
  void whoGetsItPlain(String field) throws Exception {
    String open = "Cache-Control: max-age=60, public";
    answer(200, TEXT, open, TAG, TYPE);
    fetch("/a.js", GZIP, field);
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response = fetch("/a.js", GZIP, field);
      assertThat(field(response, "Content-Encoding")).isNull();
      assertThat(field(response, "ETag")).isEqualTo("\"v1\"");
      assertThat(field(response, "Vary")).isEqualTo(VARY);
      assertThat(text(response)).isEqualTo(TEXT);
    }
    assertThat(proxy.packedBodies()).isZero();
    packed("/a.js", GZIP);
    assertThat(field(fetch("/a.js", GZIP, field), "Content-Encoding")).isNull();
    assertThat(field(fetch("/a.js", GZIP), "Content-Encoding")).isEqualTo("gzip");
    assertThat(requests).hasSize(1);
  }

  /** Also while it is in memory that it was packed at the origin. */
  @Test
  void whatCamePackedIsNobodysSecret() throws Exception {
    byte[] bytes = gzip(TEXT);
    script.add(request -> response(200, bytes, MINUTE, TAG, TYPE, "Content-Encoding: gzip"));
    for (int i = 0; i < 3; i++) {
      assertThat(fetch("/a.js", GZIP, "Cookie: a=b").body()).isEqualTo(bytes);
    }
  }

  /** What takes long to pack is asked for meanwhile. */
  @Test
  void manyAtOnceHaveItPackedOnce() throws Exception {
    byte[] noise = new byte[300_000];
    new Random(7).nextBytes(noise);
    String slow = HexFormat.of().formatHex(noise);
    answer(200, slow, MINUTE, TAG, TYPE);
    fetch("/a.js");
    for (int round = 0; round < 2; round++) {
      List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        all.add(
            client.sendAsync(
                request("GET", "/a.js", null, GZIP), HttpResponse.BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> each : all) {
        assertThat(text(each.get())).isEqualTo(slow);
      }
    }
    packed("/a.js", GZIP);
    assertThat(allIsPacked()).isEqualTo(1);
    assertThat(requests).hasSize(1);
  }

  @Test
  void itStaysForAsLongAsTheGeneration() throws Exception {
    byte[] first = warm(MINUTE, TAG, TYPE).body();
    time.advance(5_000);
    assertThat(fetch("/a.js", GZIP).body()).isEqualTo(first);
    time.advance(60_000);
    answer(304, "", MINUTE, TAG);
    HttpResponse<byte[]> validated = fetch("/a.js", GZIP);
    assertThat(validated.body()).isEqualTo(first);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"v1\"");
    assertThat(fetch("/a.js", GZIP).body()).isEqualTo(first);
    assertThat(proxy.packedBodies()).isEqualTo(1);
    assertThat(requests).hasSize(2);
  }

  @Test
  void anotherGenerationHasNothingOfIt() throws Exception {
    String old = field(warm(MINUTE, TAG, TYPE), "ETag");
    time.advance(61_000);
    String other = TEXT.replace("some", "other");
    answer(200, other, MINUTE, "ETag: \"v2\"", TYPE);
    HttpResponse<byte[]> changed = fetch("/a.js", GZIP, "If-None-Match: " + old);
    assertThat(changed.statusCode()).isEqualTo(200);
    assertThat(field(changed, "Content-Encoding")).isNull();
    assertThat(text(changed)).isEqualTo(other);
    HttpResponse<byte[]> packed = packed("/a.js", GZIP);
    assertThat(text(packed)).isEqualTo(other);
    assertThat(field(packed, "ETag")).startsWith("\"v2-gzip-");
    assertThat(proxy.packedBodies()).isEqualTo(2);
  }

  /** The same when the request that brings it is one that memory never answers. */
  @Test
  void whoeverBringsIt() throws Exception {
    warm(MINUTE, TAG, TYPE);
    String other = TEXT.replace("some", "other");
    answer(200, other, MINUTE, "ETag: \"v2\"", TYPE);
    fetch("/a.js", "Cache-Control: no-cache");
    assertThat(text(fetch("/a.js", GZIP))).isEqualTo(other);
  }

  /** A validation may forbid what was allowed. */
  @Test
  void whatMustNotBePackedAnyLonger() throws Exception {
    warm(MINUTE, TAG, TYPE);
    time.advance(61_000);
    answer(304, "", "Cache-Control: max-age=60, no-transform", TAG);
    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response = fetch("/a.js", GZIP);
      assertThat(field(response, "Content-Encoding")).isNull();
      assertThat(text(response)).isEqualTo(TEXT);
    }
    assertThat(requests).hasSize(2);
  }

  @Test
  void whatIsPurgedIsGone() throws Exception {
    warm(MINUTE, TAG, TYPE);
    proxy.forgetMemory();
    assertThat(field(fetch("/a.js", GZIP), "Content-Encoding")).isNull();
    packed("/a.js", GZIP);
    assertThat(proxy.packedBodies()).isEqualTo(2);
    answer(200, "done");
    send("DELETE", "/a.js", null);
    answer(200, JS, MINUTE);
    assertThat(text(fetch("/a.js", GZIP))).isEqualTo(JS);
  }

  @Test
  void headsSayTheSame() throws Exception {
    warm(MINUTE, TAG, TYPE);
    for (String accepted : new String[] {GZIP, "Accept-Encoding: br"}) {
      HttpResponse<byte[]> get = fetch("/a.js", accepted);
      HttpResponse<byte[]> head = exchange("HEAD", "/a.js", accepted);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().map()).isEqualTo(get.headers().map());
    }
  }

  @Test
  void offAndWithoutMemory() throws Exception {
    for (ProxyServerBuilder settings :
        List.of(settings().compression(Compression.none()), settings().memory(0))) {
      proxy = open(settings);
      String path = "/" + requests.size();
      answer(200, TEXT, MINUTE, TAG, TYPE);
      for (int i = 0; i < 3; i++) {
        HttpResponse<byte[]> response = fetch(path, GZIP);
        assertThat(field(response, "Vary")).isNull();
        assertThat(text(response)).isEqualTo(TEXT);
      }
      assertThat(proxy.packedBodies()).isZero();
    }
  }

  /** What does not fit into memory is forgotten, and sent as it came. */
  @Test
  void memoryIsBounded() throws Exception {
    proxy = open(settings().memory(20_000));
    for (int i = 0; i < 30; i++) {
      answer(200, TEXT, MINUTE, TAG, TYPE);
      fetch("/" + i, GZIP);
      fetch("/" + i, GZIP);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> proxy.packedBodies() > 0);
    assertThat(proxy.heldBytes()).isLessThanOrEqualTo(20_000);
    for (int i = 0; i < 30; i++) {
      assertThat(text(fetch("/" + i, GZIP))).isEqualTo(TEXT);
    }
    assertThat(proxy.heldBytes()).isLessThanOrEqualTo(20_000);
    assertThat(requests).hasSize(30);
  }

  /** The largest that is packed, far beyond what is held plain. */
  @Test
  void largeOnes() throws Exception {
    String large = TEXT.repeat(1_500);
    answer(200, large, MINUTE, TAG, TYPE);
    fetch("/a.js", GZIP);
    assertThat(text(packed("/a.js", GZIP))).isEqualTo(large);
    assertThat(text(packed("/a.js", ZSTD))).isEqualTo(large);
    assertThat(text(fetch("/a.js"))).isEqualTo(large);
    assertThat(proxy.heldBytes()).isBetween(10_000L, 200_000L);
  }

  @Test
  void okHttpUnpacksIt() throws Exception {
    warm(MINUTE, TAG, TYPE);
    Request request = new Request.Builder().url(proxy.url() + "/a.js").build();
    try (Response response = new OkHttpClient().newCall(request).execute()) {
      assertThat(response.body().string()).isEqualTo(TEXT);
      assertThat(response.header("ETag")).startsWith("\"v1-gzip-");
    }
  }
}
