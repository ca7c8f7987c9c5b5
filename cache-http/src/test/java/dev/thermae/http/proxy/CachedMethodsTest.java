package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** GET and HEAD: what the store answers, and what clients are told about it. */
class CachedMethodsTest extends ProxyFixture {
  private static final String TAG = "ETag: \"v1\"";
  private static final String MINUTE = "Cache-Control: max-age=60";

  @Test
  void missThenHit() throws Exception {
    answer(200, JS, MINUTE, TAG, "Content-Type: text/javascript", "X-Own: 1");
    HttpResponse<String> miss = get("/a.js?v=1&w='x'");
    assertThat(miss.statusCode()).isEqualTo(200);
    assertThat(miss.body()).isEqualTo(JS);
    assertThat(field(miss, "Cache-Status"))
        .isEqualTo("thermae; fwd=uri-miss; fwd-status=200; stored; ttl=60");
    assertThat(field(miss, "Age")).isNull();

    time.advanceSeconds(12);
    HttpResponse<String> hit = get("/a.js?v=1&w='x'");
    assertThat(hit.body()).isEqualTo(JS);
    assertThat(field(hit, "Cache-Status")).isEqualTo("thermae; hit; ttl=48");
    assertThat(field(hit, "Age")).isEqualTo("12");
    assertThat(field(hit, "Via")).isEqualTo("1.1 thermae");
    assertThat(field(hit, "X-Own")).isEqualTo("1");
    assertThat(field(hit, "Content-Type")).isEqualTo("text/javascript");
    assertThat(hit.headers().allValues("Content-Length")).containsExactly("" + JS.length());
    assertThat(hit.headers().allValues("Date")).hasSize(1);
    assertThat(field(hit, "Date")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(field(hit, "Server")).isNull();
    assertThat(requests).hasSize(1);
    assertThat(lastRequest().getTarget()).startsWith("/a.js?v=1&w=");
    assertThat(proxy.stats().hits()).isEqualTo(1);
    assertThat(proxy.stats().stored()).isEqualTo(1);
    assertThat(proxy.stats().toString()).startsWith("2 requests: 1 hits, 0 revalidated, 1 stored");
  }

  @Test
  void staleIsRevalidated() throws Exception {
    answer(200, JS, MINUTE, TAG);
    answer(304, "", "Cache-Control: max-age=90", TAG);
    get("/a.js");
    time.advanceSeconds(61);
    HttpResponse<String> response = get("/a.js");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(JS);
    assertThat(field(response, "Cache-Status"))
        .isEqualTo("thermae; fwd=stale; fwd-status=304; ttl=90");
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"v1\"");
    assertThat(get("/a.js", "Cache-Control: max-age=3600").statusCode()).isEqualTo(200);
    assertThat(requests).hasSize(2);
  }

  @Test
  void whatReplacesAStaleResponseIsNoMiss() throws Exception {
    answer(200, JS, MINUTE, TAG, "Vary: X-V");
    answer(200, JS + JS, MINUTE, "Vary: X-V");
    answer(200, JS, MINUTE, "Vary: X-V");
    get("/a.js");
    time.advanceSeconds(61);
    assertThat(field(get("/a.js"), "Cache-Status"))
        .isEqualTo("thermae; fwd=stale; fwd-status=200; stored; ttl=60");
    assertThat(field(get("/a.js", "X-V: 1"), "Cache-Status"))
        .isEqualTo("thermae; fwd=vary-miss; fwd-status=200; stored; ttl=60");
  }

  @Test
  void aClientMayAskForValidation() throws Exception {
    answer(200, JS, MINUTE, TAG);
    answer(304, "", TAG, MINUTE);
    get("/a.js");
    HttpResponse<String> response = get("/a.js", "Cache-Control: no-cache");
    assertThat(field(response, "Cache-Status"))
        .isEqualTo("thermae; fwd=request; fwd-status=304; ttl=60");
  }

  @Test
  void headIsAnsweredFromGet() throws Exception {
    answer(200, JS, MINUTE, TAG);
    get("/a.js");
    HttpResponse<String> head = send("HEAD", "/a.js", null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(field(head, "Content-Length")).isEqualTo("" + JS.length());
    assertThat(field(head, "Cache-Status")).isEqualTo("thermae; hit; ttl=60");
    assertThat(send("HEAD", "/a.js", null, "If-None-Match: *").statusCode()).isEqualTo(304);
    assertThat(requests).hasSize(1);
  }

  @Test
  void headIsSentOnWhereNothingFreshIsStored() throws Exception {
    script.add(request -> head(200, JS.length(), MINUTE, TAG, "X-Own: 1"));
    HttpResponse<String> head = send("HEAD", "/a.js", null);
    assertThat(lastRequest().getMethod()).isEqualTo("HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(field(head, "X-Own")).isEqualTo("1");
    assertThat(field(head, "Content-Length")).isEqualTo("" + JS.length());
    assertThat(field(head, "Cache-Status")).isEqualTo("thermae; fwd=uri-miss; fwd-status=200");

    script.add(request -> head(200, JS.length(), MINUTE, TAG));
    HttpResponse<String> known = send("HEAD", "/a.js", null, "If-None-Match: \"v1\"");
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(field(known, "Content-Length")).as("parsers would wait for so many").isNull();
    script.add(request -> head(404, 4));
    assertThat(send("HEAD", "/a.js", null).statusCode()).isEqualTo(404);
    answer(200, JS, MINUTE);
    assertThat(get("/a.js").body()).isEqualTo(JS);
    assertThat(requests).hasSize(4);
  }

  @Test
  void headOfWhatMustBeDecodedHasNoLength() throws Exception {
    script.add(request -> head(200, 9, MINUTE, "Content-Encoding: gzip"));
    HttpResponse<String> head = send("HEAD", "/a.js", null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(field(head, "Content-Encoding")).isNull();
    assertThat(field(head, "Content-Length")).isNull();
  }

  @Test
  void headValidatesForGet() throws Exception {
    answer(200, JS, MINUTE);
    get("/a.js");
    time.advanceSeconds(61);
    script.add(request -> head(200, JS.length(), MINUTE, "X-New: 1"));
    HttpResponse<String> head = send("HEAD", "/a.js", null);
    assertThat(field(head, "Cache-Status")).isEqualTo("thermae; fwd=stale; fwd-status=200; ttl=60");
    assertThat(field(head, "X-New")).isEqualTo("1");
    HttpResponse<String> fresh = get("/a.js");
    assertThat(fresh.body()).isEqualTo(JS);
    assertThat(field(fresh, "X-New")).isEqualTo("1");
    assertThat(requests).hasSize(2);
  }

  @Test
  void redirectsAreTheClients() throws Exception {
    answer(302, "", "Location: /b.js", MINUTE);
    assertThat(field(get("/a.js"), "Location")).isEqualTo("/b.js");
    assertThat(get("/a.js").statusCode()).isEqualTo(302);
    assertThat(requests).hasSize(1);
  }

  @Test
  void variantsAreKeptApart() throws Exception {
    answer(200, "hello", MINUTE, "Vary: Accept-Language");
    answer(200, "hallo", MINUTE, "Vary: Accept-Language");
    assertThat(get("/a.js", "Accept-Language: en").body()).isEqualTo("hello");
    assertThat(get("/a.js", "Accept-Language: de").body()).isEqualTo("hallo");
    assertThat(get("/a.js", "Accept-Language: en").body()).isEqualTo("hello");
    assertThat(requests).hasSize(2);
  }

  @Test
  void credentialsAreSentAndTheirAnswersNotShared() throws Exception {
    answer(200, "hers", MINUTE);
    answer(200, "his", MINUTE);
    assertThat(get("/me", "Authorization: Bearer hers").body()).isEqualTo("hers");
    assertThat(lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer hers");
    HttpResponse<String> other = get("/me", "Authorization: Bearer his", "Cookie: c=1");
    assertThat(other.body()).isEqualTo("his");
    assertThat(lastRequest().getHeaders().get("Cookie")).isEqualTo("c=1");
    assertThat(field(other, "Cache-Status")).isEqualTo("thermae; fwd=uri-miss; fwd-status=200");
  }

  @Test
  void privateIsPassed() throws Exception {
    answer(200, "1", "Cache-Control: private, max-age=60");
    answer(200, "2", "Cache-Control: private, max-age=60");
    get("/a.js");
    assertThat(get("/a.js").body()).isEqualTo("2");
    assertThat(proxy.stats().passed()).isEqualTo(2);
  }

  @Test
  void anAgeOnArrivalIsAddedTo() throws Exception {
    answer(200, JS, MINUTE, "Age: 10", "Via: 1.0 far", "Cache-Status: far; hit");
    HttpResponse<String> first = get("/a.js");
    assertThat(first.headers().allValues("Age")).containsExactly("10");
    assertThat(first.headers().allValues("Via")).containsExactly("1.0 far", "1.1 thermae");
    time.advanceSeconds(5);
    HttpResponse<String> second = get("/a.js");
    assertThat(second.headers().allValues("Age")).containsExactly("15");
    assertThat(second.headers().allValues("Cache-Status"))
        .containsExactly("far; hit", "thermae; hit; ttl=45");
  }

  @Test
  void onlyIfCachedAsksNobody() throws Exception {
    HttpResponse<String> response = get("/a.js", "Cache-Control: only-if-cached");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(field(response, "Cache-Status")).isEqualTo("thermae; detail=only-if-cached");
    assertThat(requests).isEmpty();
  }

  @Test
  void aStaleCopyStandsInWhereThatIsAllowed() throws Exception {
    answer(200, JS, MINUTE);
    answer(200, JS, "Cache-Control: max-age=60, must-revalidate");
    get("/may.js");
    get("/must.js");
    time.advanceSeconds(100);
    origin.close();
    HttpResponse<String> stale = get("/may.js");
    assertThat(stale.statusCode()).isEqualTo(200);
    assertThat(field(stale, "Age")).isEqualTo("100");
    assertThat(field(stale, "Cache-Status"))
        .isEqualTo("thermae; fwd=stale; detail=origin-failed; ttl=-40");

    HttpResponse<String> failed = get("/must.js");
    assertThat(failed.statusCode()).isEqualTo(502);
    assertThat(failed.body()).startsWith("502 Bad Gateway: GET http://").contains("onnect");
    assertThat(failed.body().strip()).doesNotContain("\n");
    assertThat(field(failed, "Cache-Status")).isEqualTo("thermae; fwd=miss");
    assertThat(send("HEAD", "/must.js", null).statusCode()).isEqualTo(502);
    assertThat(proxy.stats().failed()).isEqualTo(2);
    assertThat(proxy.stats().stale()).isEqualTo(1);
  }

  @Test
  void fieldValuesArriveOctetByOctet() throws Exception {
    answer(200, JS, MINUTE, "X-Name: zoë");
    for (int i = 0; i < 2; i++) {
      String latin = field(get("/a.js"), "X-Name");
      assertThat(new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
          .isEqualTo("zoë");
    }
  }
}
