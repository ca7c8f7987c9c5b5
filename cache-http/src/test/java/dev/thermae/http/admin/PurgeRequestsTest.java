package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Purges by URL, prefix and surrogate key, hard and soft. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class PurgeRequestsTest extends AdminFixture {
  private static void assertPurged(JsonNode answer, long resources, long responses) {
    assertThat(answer.at("/resources").asLong()).as(answer.toString()).isEqualTo(resources);
    assertThat(answer.at("/responses").asLong()).as(answer.toString()).isEqualTo(responses);
  }

  @Test
  void byUrlEveryVariantGoes() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600", "Vary: Accept-Language");
    serve("/b.js", "var b;", "Cache-Control: max-age=600");
    get("/a.js", "Accept-Language", "de");
    get("/a.js", "Accept-Language", "en");
    get("/b.js");
    assertPurged(purge("url=/a.js"), 1, 2);
    assertPurged(purge("url=/a.js"), 0, 0);
    assertThat(cacheStatus("/a.js", "Accept-Language", "de")).contains("fwd=");
    assertThat(cacheStatus("/b.js")).contains("hit");
  }

  @Test
  void thePurgeMethodNamesAPath() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    get("/a.js?x=1");
    assertPurged(JSON.readTree(ask("PURGE", "/a.js?x=1", "").body()), 1, 1);
    assertThat(cacheStatus("/a.js?x=1")).contains("fwd=");
  }

  @Test
  void theProxysOwnPortPurgesNothing() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600");
    get("/a.js");
    paths.put(
        "/a.js",
        request ->
            request.getMethod().equals("PURGE")
                ? new MockResponse.Builder().code(405).build()
                : response("other").build());
    send(
        HttpRequest.newBuilder(URI.create(proxy.url() + "/a.js"))
            .method("PURGE", BodyPublishers.noBody()));
    assertThat(cacheStatus("/a.js")).contains("hit");
  }

  @Test
  void byPrefixWhatBeginsLikeThatGoes() throws Exception {
    for (String path : new String[] {"/s/a.js", "/s/b.js", "/t/c.js"}) {
      serve(path, "var x;", "Cache-Control: max-age=600");
      get(path);
    }
    assertPurged(purge("prefix=/s/"), 2, 2);
    assertThat(cacheStatus("/s/a.js")).contains("fwd=");
    assertThat(cacheStatus("/t/c.js")).contains("hit");
  }

  @ParameterizedTest
  @ValueSource(ints = {64 << 20, 1})
  void bySurrogateKeyWhateverTheIndexHolds(int indexBytes) throws Exception {
    shut();
    open(indexBytes);
    serve("/a.js", "var a;", "Cache-Control: max-age=600", "Surrogate-Key: all  shop-1");
    serve("/b.js", "var b;", "Cache-Control: max-age=600", "Surrogate-Key: all shop-2");
    serve("/c.js", "var c;", "Cache-Control: max-age=600");
    get("/a.js");
    get("/b.js");
    get("/c.js");
    JsonNode purged = purge("key=shop-1");
    assertPurged(purged, 1, 1);
    if (indexBytes == 1) {
      assertThat(purged.at("/index").asString()).isEqualTo("full");
    }
    assertThat(cacheStatus("/a.js")).contains("fwd=");
    assertThat(cacheStatus("/b.js")).contains("hit");
    assertPurged(JSON.readTree(ask("PURGE", "/", "", "Surrogate-Key", "all").body()), 2, 2);
    assertThat(cacheStatus("/b.js")).contains("fwd=");
    assertThat(cacheStatus("/c.js")).contains("hit");
  }

  @Test
  void whatWasStoredBeforeTheStartHasItsKeys() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600", "Surrogate-Key: old");
    get("/a.js");
    shut();
    open(64 << 20);
    while (keys.state() != SurrogateKeys.State.COMPLETE) {
      Thread.yield();
    }
    assertPurged(purge("key=old"), 1, 1);
    assertThat(cacheStatus("/a.js")).contains("fwd=");
  }

  @Test
  void keysThatCameWithA304Count() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=0", "ETag: \"1\"", "Surrogate-Key: one");
    get("/a.js");
    paths.put(
        "/a.js",
        any ->
            response("", "ETag: \"1\"", "Surrogate-Key: two", "Cache-Control: max-age=600")
                .code(304)
                .build());
    get("/a.js");
    assertPurged(purge("key=one"), 0, 0);
    assertPurged(purge("key=two"), 1, 1);
  }

  @Test
  void softlyPurgedIsValidatedAndStandsInForAnOriginThatFails() throws Exception {
    serve("/a.js", "var a;", "Cache-Control: max-age=600, stale-if-error=3600", "ETag: \"1\"");
    get("/a.js");
    assertPurged(purge("url=/a.js&soft=true"), 1, 1);
    paths.put("/a.js", any -> new MockResponse.Builder().code(503).build());
    assertThat(get("/a.js").body()).isEqualTo("var a;");
    paths.put("/a.js", PurgeRequestsTest::notModified);
    assertThat(cacheStatus("/a.js")).contains("fwd=stale; fwd-status=304");
    assertThat(cacheStatus("/a.js")).contains("hit");
  }

  private static MockResponse notModified(RecordedRequest request) {
    assertThat(request.getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
    return response("", "ETag: \"1\"", "Cache-Control: max-age=600").code(304).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "url=", "url=ftp://x/", "other=1"})
  void whatIsNoPurgeIsRefused(String form) throws Exception {
    assertThat(
            ask("POST", "/purge", form, "Content-Type", "application/x-www-form-urlencoded")
                .statusCode())
        .isEqualTo(400);
  }
}
