package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.REVALIDATED;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.http.testing.PromptServer;
import java.io.IOException;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects (RFC 9110 section 15.4): each hop is cached under its own rules. */
class RedirectTest extends LoaderFixture {
  @Test
  void eachHopHasItsOwnFreshness() throws IOException {
    answer(302, "moved", "Location: b?x=1#there", "Cache-Control: max-age=10");
    answer(200, "b", "Cache-Control: max-age=60", "ETag: \"1\"");
    get("/d/a").is(STORED).body("b").requests(2);
    Check fresh = get("/d/a").is(FRESH).body("b").requests(2);
    assertThat(fresh.fetched.url()).isEqualTo(url("/d/b?x=1"));
    get("/d/b?x=1").is(FRESH);
    time.advanceSeconds(11);
    answer(302, "moved", "Location: /c");
    answer(200, "c");
    get("/d/a").is(STORED).body("c").requests(4);
    get("/d/b?x=1").is(FRESH).body("b");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void everyKindIsFollowed(int status) throws IOException {
    answer(status, "", "Location: /b");
    answer(200, "b");
    get("/a").is(STORED).body("b").status(200);
  }

  @Test
  void aStoredRedirectIsValidatedToo() throws IOException {
    answer(301, "", "Location: /b", "Cache-Control: max-age=10", "ETag: \"r\"");
    answer(200, "b", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    time.advanceSeconds(11);
    answer(304, "", "Cache-Control: max-age=10");
    get("/a").is(FRESH).body("b").requests(3);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"r\"");
    ResourceRequest stay = ResourceRequest.get(url("/a")).withoutRedirects();
    Fetched hop = loader.fetch(stay);
    new Check(hop).is(FRESH).status(301).body("");
    assertThat(hop.location()).isEqualTo(url("/b"));
    time.advanceSeconds(11);
    answer(304, "");
    new Check(loader.fetch(stay)).is(REVALIDATED).status(301);
  }

  @Test
  void twentyHopsAreEnough() throws IOException {
    for (int i = 0; i < 20; i++) {
      answer(302, "", "Location: /" + i);
    }
    answer(200, "there");
    get("/a").body("there").requests(21);
    for (int i = 0; i < 21; i++) {
      answer(302, "", "Location: /" + i);
    }
    assertThat(fails("/a")).hasMessageContaining("more than 20").hasMessageContaining(url("/a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Location: ftp://a/b",
        "Location: data:,x",
        "Location: http://u:p@h/",
        "Location: http://%c3%a9_/",
      })
  void whatLeadsNowhereIsTheAnswer(String field) throws IOException {
    answer(302, "body", field);
    get("/a").is(PASSED).status(302).body("body");
  }

  @Test
  void otherOriginsDoNotGetCredentials() throws IOException {
    try (MockWebServer other = PromptServer.create()) {
      other.start();
      other.enqueue(response(302, "", "Location: /b"));
      other.enqueue(response(200, "b"));
      answer(302, "", "Location: /same");
      answer(302, "", "Location: " + other.url("/a"));
      get("/a", "Authorization: Bearer 1", "Cookie: id=1", "X-Mine: 1").is(STORED).body("b");
      assertThat(lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer 1");
      for (int i = 0; i < 2; i++) {
        RecordedRequest request = take(other);
        assertThat(request.getHeaders().get("Authorization")).isNull();
        assertThat(request.getHeaders().get("Cookie")).isNull();
        assertThat(request.getHeaders().get("X-Mine")).isEqualTo("1");
      }
    }
  }

  private static RecordedRequest take(MockWebServer server) {
    try {
      return server.takeRequest();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first hop is put into the store by hand, so that no TLS is needed. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void fromHttpsToHttpOnlyWhereAllowed(boolean allowed) throws IOException {
    use(settings().allowDowngrade(allowed));
    String secure = url("/a").replace("http:", "https:");
    Metadata metadata = new Metadata(301, "", HeaderList.of("Location", url("/b")));
    Heads.Times times = new Heads.Times(time.millis(), time.millis(), 0, 60_000);
    try (var body = store.newBody("")) {
      store.put(
          Heads.create(loader.key(secure), "", metadata, times, new byte[0], url("/b"), null),
          body);
    }
    ResourceRequest request = ResourceRequest.get(secure);
    if (allowed) {
      answer(200, "b");
      new Check(loader.fetch(request)).is(STORED).body("b");
    } else {
      assertThatThrownBy(() -> loader.fetch(request))
          .isInstanceOf(FetchException.class)
          .hasMessageContaining("from https to " + url("/b"));
    }
  }
}
