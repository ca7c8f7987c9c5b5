package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.KEPT;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.REVALIDATED;
import static dev.thermae.http.resource.Fetched.Outcome.STALE;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Storing, validating and replacing (RFC 9111 sections 3 and 4), over real HTTP. */
class ResourceLoaderTest extends LoaderFixture {
  private static OkHttpClient oneTry() {
    return new OkHttpClient.Builder().retryOnConnectionFailure(false).build();
  }

  @Test
  void aFreshResponseIsServedWithoutAskingAnybody() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60", "X-Custom: 1", "x-custom: 2");
    get("/a").is(STORED).body("a").status(200).requests(1).header("X-Custom", "1", "2");
    time.advanceSeconds(59);
    get("/a").is(FRESH).body("a").status(200).ageSeconds(59).requests(1);
    get("/a").header("X-CUSTOM", "1", "2").header("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(lastRequest().getHeaders().get("Accept-Encoding")).isEqualTo("br, gzip");
    assertThat(lastRequest().getHeaders().get("User-Agent")).startsWith("thermae/");
  }

  @Test
  void aValidatedResponseKeepsItsGeneration() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60", "ETag: \"1\"", "Content-Type: text/plain");
    Object generation = get("/a").generation();
    time.advanceSeconds(60);
    answer(304, "", "Cache-Control: max-age=10", "X-New: 1", "Content-Type: text/html", "Age: 3");
    Check kept = get("/a").is(REVALIDATED).body("a").status(200).requests(2).ageSeconds(3);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
    assertThat(lastRequest().getHeaders().get("If-Modified-Since")).isNull();
    assertThat(kept.generation()).isEqualTo(generation);
    time.advanceSeconds(6);
    Check fresh = get("/a").is(FRESH).ageSeconds(9).header("X-New", "1").header("Age");
    fresh.header("Content-Type", "text/html").header("Cache-Control", "max-age=10");
    assertThat(fresh.generation()).isEqualTo(generation);
    answer(304, "", "ETag: \"1\"");
    time.advanceSeconds(1);
    get("/a").is(REVALIDATED).requests(3);
  }

  /** RFC 9111 section 3.2. */
  @ParameterizedTest(name = "{0}, 304 with {1} -> {2}")
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      value = {
        "X-A: 1 | X-A: 2 | 2",
        "X-A: 1 | X-B: 2 | 1",
        "X: y | X-A: 2 | 2",
        "Set-Cookie: a=1 | Set-Cookie: a=2 | a=2",
        "Expires: 0 | Expires: 1 | 1",
        "Content-Type: text/plain | Content-Type: text/html | text/html",
        "Content-Type: text/plain | Content-Type: text/plain;charset=utf-8 | text/plain;charset=utf-8",
        "Content-Type: text/plain | Content-Type: text/plain;charset=utf-16 | text/plain",
        "Content-Type: a/b;charset=utf-16 | Content-Type: a/b | a/b;charset=utf-16",
        "Content-Encoding: identity | Content-Encoding: br | identity",
        "Content-MD5: eA== | Content-MD5: eQ== | eA==",
        "Content-Range: x | Content-Range: y | x",
        "X: y | Content-Range: y | none",
        "X: y | Connection: x-a | none",
      })
  void a304UpdatesTheStoredHead(String stored, String news, String expected) throws IOException {
    answer(200, "a", "ETag: \"1\"", stored);
    get("/a");
    answer(304, "", "ETag: \"1\"", "Cache-Control: max-age=60", news);
    String name = (stored.startsWith("X: ") ? news : stored).replaceAll(":.*", "");
    String[] values = expected == null ? new String[0] : new String[] {expected};
    get("/a").is(REVALIDATED).header(name, values).body("a");
    get("/a").is(FRESH).header(name, values).body("a").requests(2);
  }

  /** RFC 9111 sections 5.2.2.4 and 5.2.2.7. */
  @ParameterizedTest(name = "shared {0}: {1} -> {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "false | no-cache=\"X-A, x-b\" | ",
        "true  | no-cache=\"X-A, x-b\" | ",
        "false | private=\"X-A, x-b\"  | 1",
        "true  | private=\"X-A, x-b\"  | ",
      })
  void listedFieldsAreNotKept(boolean shared, String directive, String kept) throws IOException {
    use(settings().shared(shared));
    String control = "Cache-Control: max-age=60, " + directive;
    answer(200, "a", control, "ETag: \"1\"", "X-A: 1", "X-B: 2", "X-C: 3");
    get("/a").is(STORED).header("X-A", "1").header("X-B", "2").header("X-C", "3");
    String[] values = kept == null ? new String[0] : new String[] {kept};
    get("/a").is(FRESH).header("X-A", values).header("X-C", "3").requests(1);
    time.advanceSeconds(60);
    answer(304, "", "X-A: 1");
    get("/a").is(REVALIDATED).header("X-A", values);
    get("/a").is(FRESH).header("X-A", values).requests(2);
  }

  /** RFC 9111 section 4.3.5. */
  @ParameterizedTest(name = "stored with {0}, HEAD {1} with {2}: {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ETag: \"1\" | 200 | ETag: \"1\" | updated",
        "ETag: \"1\" | 200 | X: y | updated",
        "ETag: \"1\" | 304 | X: y | updated",
        "X: y | 200 | X: y | updated",
        "ETag: \"1\" | 200 | ETag: \"2\" | stale",
        "X: y | 200 | ETag: \"2\" | stale",
        "X: y | 200 | Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT | stale",
        "X: y | 200 | Content-Encoding: gzip | stale",
        "X: y | 200 | Content-Length: 2 | stale",
        "ETag: \"1\" | 200 | Cache-Control: no-store | kept",
        "X: y | 404 | Cache-Control: max-age=9 | kept",
      })
  void headUpdatesOrOutdates(String stored, int status, String news, String becomes)
      throws IOException {
    answer(200, "a", "Cache-Control: max-age=60", stored);
    Object generation = get("/a").generation();
    String control = news.startsWith("Cache-Control") ? "X: z" : "Cache-Control: max-age=600";
    int length = news.contains("Length") ? 2 : 1;
    String field = news.contains("Length") ? "X: z" : news;
    answer(
        request ->
            response(status, "", field, control)
                .newBuilder()
                .setHeader("Content-Length", Integer.toString(length))
                .build());
    ResourceRequest asked =
        with(ResourceRequest.get(url("/a")), "Cache-Control: no-cache").asHead();
    new Check(loader.fetch(asked))
        .is(becomes.equals("updated") || news.contains("no-store") ? REVALIDATED : PASSED);
    assertThat(lastRequest().getMethod()).isEqualTo("HEAD");

    time.advanceSeconds(becomes.equals("updated") ? 599 : 1);
    if (becomes.equals("stale")) {
      answer(200, "b");
    }
    Check next = get("/a");
    if (becomes.equals("stale")) {
      assertThat(next.is(STORED).body("b").fetched.forwarding()).isEqualTo(Forwarding.STALE);
    } else {
      assertThat(next.is(FRESH).body("a").requests(2).generation()).isEqualTo(generation);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"private, max-age=60", "no-store, max-age=60"})
  void a304ThatMustNotBeStoredUpdatesNothing(String control) throws IOException {
    use(settings().shared(true));
    answer(200, "a", "Cache-Control: max-age=0", "ETag: \"1\"", "X-A: 1");
    get("/a").is(STORED);
    for (int i = 2; i <= 3; i++) {
      answer(304, "", "Cache-Control: " + control, "X-A: 2");
      get("/a").is(REVALIDATED).header("X-A", "1").body("a").requests(i);
    }
  }

  @Test
  void whyTheOriginWasAsked() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60", "Vary: X-V");
    assertThat(get("/a").fetched.forwarding()).isEqualTo(Forwarding.URI_MISS);
    assertThat(get("/a").fetched.forwarding()).isNull();
    answer(200, "b", "Cache-Control: max-age=60", "Vary: X-V");
    assertThat(get("/a", "X-V: 2").fetched.forwarding()).isEqualTo(Forwarding.VARY_MISS);
    answer(200, "c", "Cache-Control: max-age=60", "Vary: X-V");
    assertThat(get("/a", "Cache-Control: no-cache").fetched.forwarding())
        .isEqualTo(Forwarding.REQUEST);
    time.advanceSeconds(60);
    answer(200, "d", "Cache-Control: max-age=60", "Vary: X-V");
    assertThat(get("/a").is(STORED).fetched.forwarding()).isEqualTo(Forwarding.STALE);
    answer(200, "d");
    assertThat(get("/a", "If-Match: *").fetched.forwarding()).isEqualTo(Forwarding.BYPASS);
    assertThat(get("/b", "Cache-Control: only-if-cached").fetched.forwarding()).isNull();
  }

  /** RFC 9111 section 4.3.4 and RFC 9110 section 8.8.3.2. */
  @ParameterizedTest(name = "stored {0}, 304 with {1}: selects {2}")
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'ETag: \"1\"', 'ETag: \"1\"', true",
        "'ETag: \"1\"', 'ETag: \"2\"', false",
        "'ETag: \"1\"', 'ETag: W/\"1\"', true",
        "'ETag: \"1\"', 'ETag: W/\"2\"', false",
        "'ETag: W/\"1\"', 'ETag: W/\"1\"', true",
        "'ETag: W/\"1\"', 'ETag: \"1\"', false",
        "'ETag: \"1\"', 'X: y', true",
        "'ETag: unquoted', 'ETag: unquoted', true",
        "'Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT', 'X: y', true",
        "'Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT', 'ETag: \"1\"', false",
        "'Last-Modified: Sat, 05 Nov 1994 08:49:37 GMT', 'Last-Modified: junk', false",
        "'ETag: \"1\"', 'Vary: X-Other', false",
      })
  void a304MustSelectWhatIsStored(String stored, String news, boolean selects) throws IOException {
    answer(200, "a", stored, "Cache-Control: max-age=0");
    Object generation = get("/a").generation();
    answer(304, "", news);
    if (!selects) {
      answer(200, "b");
    }
    Check next = get("/a").is(selects ? REVALIDATED : STORED).body(selects ? "a" : "b");
    assertThat(next.generation().equals(generation)).isEqualTo(selects);
    if (!selects) {
      assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
      assertThat(lastRequest().getHeaders().get("If-Modified-Since")).isNull();
    }
  }

  @Test
  void bothValidatorsAreSent() throws IOException {
    String date = "Sat, 05 Nov 1994 08:49:37 GMT";
    answer(200, "a", "ETag: W/\"1\"", "Last-Modified: " + date, "Cache-Control: no-cache");
    get("/a").is(STORED);
    answer(304, "");
    get("/a").is(REVALIDATED);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("W/\"1\"");
    assertThat(lastRequest().getHeaders().get("If-Modified-Since")).isEqualTo(date);
  }

  @Test
  void a200IsANewGenerationEvenWithTheSameBytes() throws IOException {
    answer(200, "a", "ETag: \"1\"");
    Object generation = get("/a").generation();
    answer(200, "a", "ETag: \"1\"");
    Check next = get("/a").is(STORED).body("a");
    assertThat(next.generation()).isNotEqualTo(generation);
  }

  @ParameterizedTest(name = "{0} with {1} keeps: {2}")
  @CsvSource({
    "a, Content-Type: text/plain, true",
    "b, Content-Type: text/plain, false",
    "a, Content-Type: text/html, false",
    "a, X: y, false",
    "aa, Content-Type: text/plain, false",
  })
  void theOptInKeepsTheGenerationOfTheSameBytes(String body, String field, boolean keeps)
      throws IOException {
    use(settings().onReplace(OnReplace.KEEP_IF_SAME_BYTES));
    answer(200, "a", "ETag: \"1\"", "Content-Type: text/plain");
    Object generation = get("/a").is(STORED).generation();
    answer(200, body, "ETag: \"2\"", "Cache-Control: max-age=60", field);
    Check next = get("/a").is(keeps ? KEPT : STORED).body(body).header("ETag", "\"2\"");
    assertThat(next.generation().equals(generation)).isEqualTo(keeps);
    get("/a").is(FRESH).header("ETag", "\"2\"").requests(2);
  }

  @Test
  void theOptInDoesNotLetAnOlderHeadReplaceANewerOne() throws IOException {
    use(settings().onReplace(OnReplace.KEEP_IF_SAME_BYTES));
    answer(200, "a", "ETag: \"1\"");
    get("/a").is(STORED);
    answer(
        request -> {
          time.advanceSeconds(1);
          answer(200, "a", "ETag: \"3\"", "Cache-Control: max-age=60");
          inside(() -> get("/a", "Cache-Control: no-cache").is(KEPT));
          return response(200, "a", "ETag: \"2\"");
        });
    get("/a").is(PASSED).body("a");
    get("/a").is(FRESH).header("ETag", "\"3\"");
  }

  @Test
  void theOptInMindsTheContentCoding() throws IOException {
    use(settings().onReplace(OnReplace.KEEP_IF_SAME_BYTES));
    answer(200, "a");
    Object plain = get("/a").generation();
    answer(200, "a", "Content-Encoding: br");
    Object brotli = get("/a").is(STORED).generation();
    answer(200, "a", "Content-Encoding: zstd");
    Object zstd = get("/a").is(STORED).generation();
    assertThat(brotli).isNotEqualTo(plain);
    assertThat(zstd).isNotEqualTo(brotli);
  }

  /** A 304 that comes when the store has another generation applies to nothing. */
  @Test
  void aLate304ForAReplacedGenerationIsFetchedAgain() throws IOException {
    answer(200, "old", "ETag: \"1\"");
    get("/a").is(STORED);
    answer(
        request -> {
          answer(200, "new", "ETag: \"2\"", "Cache-Control: max-age=60");
          inside(() -> get("/a", "Cache-Control: no-cache").is(STORED).body("new"));
          answer(200, "newest", "ETag: \"3\"", "Cache-Control: max-age=60");
          return response(304, "", "ETag: \"1\"");
        });
    get("/a").is(STORED).body("newest").requests(4);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
    get("/a").is(FRESH).body("newest").requests(4);
  }

  /** Of two 200s the one whose request began later stays, whichever arrives last. */
  @Test
  void theNewerOfTwoRacing200sWins() throws IOException {
    // Of another process: within one, the second request waits for the first.
    ResourceLoader other = newLoader(settings());
    answer(
        request -> {
          time.advanceSeconds(1);
          answer(200, "newer", "Cache-Control: max-age=60");
          inside(() -> new Check(other.fetch(url("/a"))).is(STORED).body("newer"));
          time.advanceSeconds(1);
          return response(200, "older", "Cache-Control: max-age=60");
        });
    get("/a").is(PASSED).body("older").requests(2);
    get("/a").is(FRESH).body("newer").requests(2);
  }

  @Test
  void aPutThatWasUnderWayWhenTheUrlWasInvalidatedIsDropped() throws IOException {
    answer(
        request -> {
          time.advanceSeconds(1);
          inside(() -> loader.invalidate(url("/a") + "#fragment"));
          return response(200, "old", "Cache-Control: max-age=60");
        });
    get("/a").is(PASSED).body("old");
    time.advanceSeconds(1);
    answer(200, "new", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("new");
    time.advanceSeconds(1);
    loader.invalidate(url("/a"));
    time.advanceSeconds(1);
    answer(200, "newest");
    get("/a").is(STORED).body("newest");
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void inside(Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-store", "no-store, max-age=60", "No-Store", "max-age=\"60, no-store"})
  void noStoreIsNotStored(String control) throws IOException {
    answer(200, "a", "Cache-Control: " + control);
    answer(200, "b", "Cache-Control: " + control);
    get("/a").is(PASSED).body("a");
    get("/a").is(PASSED).body("b");
  }

  @Test
  void aSuccessThatMustNotBeStoredMakesTheStoredOneVoid() throws IOException {
    answer(200, "a", "ETag: \"1\"", "Cache-Control: no-cache");
    get("/a").is(STORED);
    answer(200, "b", "Cache-Control: no-store");
    get("/a").is(PASSED).body("b");
    time.advanceSeconds(1);
    answer(200, "c");
    get("/a").is(STORED).body("c");
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
  }

  @Test
  void aPassingErrorLeavesTheStoredResponseAlone() throws IOException {
    answer(200, "a", "ETag: \"1\"");
    Object generation = get("/a").generation();
    answer(404, "gone?");
    get("/a").is(PASSED).status(404).body("gone?");
    answer(503, "busy");
    get("/a").is(PASSED).status(503).body("busy");
    answer(304, "");
    assertThat(get("/a").is(REVALIDATED).body("a").generation()).isEqualTo(generation);
  }

  @Test
  void anErrorThatSaysHowLongItHoldsIsStored() throws IOException {
    answer(404, "gone", "Cache-Control: max-age=60");
    get("/a").is(STORED).status(404).body("gone");
    get("/a").is(FRESH).status(404).body("gone").requests(1);
  }

  @Test
  void requestDirectivesAreObeyed() throws IOException {
    get("/a", "Cache-Control: only-if-cached").is(PASSED).status(504).requests(0);
    answer(200, "a", "ETag: \"1\"", "Cache-Control: max-age=60");
    get("/a", "Cache-Control: no-store").is(PASSED);
    answer(200, "a", "ETag: \"1\"", "Cache-Control: max-age=60");
    get("/a").is(STORED).requests(2);
    time.advanceSeconds(30);
    get("/a", "Cache-Control: only-if-cached").is(FRESH).requests(2);
    get("/a", "Cache-Control: max-age=30").is(FRESH).requests(2);
    get("/a", "Cache-Control: max-stale").is(FRESH).requests(2);
    answer(304, "");
    get("/a", "Cache-Control: no-cache").is(REVALIDATED).requests(3);
    answer(304, "");
    get("/a", "Pragma: no-cache").is(REVALIDATED).requests(4);
    time.advanceSeconds(61);
    get("/a", "Cache-Control: only-if-cached").is(PASSED).status(504).requests(4);
    get("/a", "Cache-Control: only-if-cached, max-stale=1").is(FRESH).body("a").requests(4);
    get("/a", "Cache-Control: max-stale=1").is(FRESH).ageSeconds(61).requests(4);
  }

  @Test
  void noHttpClientIsBuiltForWhatTheStoreCanAnswer() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    use(
        settings()
            .okHttpClient(
                () -> {
                  throw new AssertionError("nothing has to go out");
                }));
    get("/a").is(FRESH);
    get("/a", "Cache-Control: max-age=30").is(FRESH);
    get("/b", "Cache-Control: only-if-cached").is(PASSED).status(504);
  }

  @Test
  void conditionsAndRangesGoPastTheCache() throws IOException {
    answer(200, "abc", "ETag: \"1\"", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    answer(304, "", "ETag: \"1\"");
    get("/a", "If-None-Match: \"1\"").is(PASSED).status(304);
    answer(206, "b", "Content-Range: bytes 1-1/3", "Cache-Control: max-age=60");
    get("/a", "Range: bytes=1-1").is(PASSED).status(206).body("b");
    get("/a").is(FRESH).body("abc").requests(3);
  }

  @Test
  void connectionFieldsAreNotKept() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60", "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: 5");
    get("/a").is(STORED).header("X-Hop").header("Connection").header("Keep-Alive");
    get("/a").is(FRESH).header("X-Hop").header("Connection").header("Keep-Alive");
  }

  @Test
  void a304ThatNobodyAskedForIsAnError() {
    answer(304, "");
    assertThat(fails("/a")).hasMessageContaining(url("/a")).hasMessageContaining("304");
  }

  // ---- RFC 9111 section 4.2.4, RFC 5861: what happens when validation fails

  private static MockResponse cut() {
    return new MockResponse.Builder()
        .body("x".repeat(1 << 20))
        .addHeader("Cache-Control", "max-age=60")
        .onResponseBody(new SocketEffect.CloseSocket())
        .build();
  }

  private static MockResponse refused() {
    return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
  }

  @ParameterizedTest(name = "{0}, {1} s: unreachable {2}, cut {3}, 503 {4}")
  @CsvSource({
    "max-age=60, 61, STALE, STALE, PASSED",
    "'max-age=60, stale-if-error=500', 61, STALE, STALE, STALE",
    "'max-age=60, must-revalidate', 61, -, -, PASSED",
    "no-cache, 1, -, -, PASSED",
    "'max-age=60, proxy-revalidate', 61, STALE, STALE, PASSED",
    "'max-age=60, s-maxage=60', 61, STALE, STALE, PASSED",
    "max-age=60, 172861, -, -, PASSED",
    "'max-age=60, stale-if-error=172800', 172860, STALE, STALE, STALE",
  })
  void staleOnlyWhereItIsAllowed(
      String control, long age, String unreachable, String cut, String error) throws IOException {
    use(settings().okHttpClient(ResourceLoaderTest::oneTry));
    answer(200, "a", "ETag: \"1\"", "Cache-Control: " + control);
    get("/a").is(STORED);
    time.advanceSeconds(age);
    answer(request -> refused());
    expect(unreachable, "a");
    answer(request -> cut());
    expect(cut, "a");
    answer(503, "busy");
    expect(error, error.equals("STALE") ? "a" : "busy");
  }

  private void expect(String outcome, String body) throws IOException {
    if (outcome.equals("-")) {
      assertThat(fails("/a")).hasMessageContaining(url("/a"));
    } else {
      get("/a").is(Fetched.Outcome.valueOf(outcome)).body(body);
    }
  }

  @Test
  void aSharedCacheHeedsProxyRevalidate() throws IOException {
    use(settings().shared(true).okHttpClient(ResourceLoaderTest::oneTry));
    answer(200, "a", "Cache-Control: max-age=60, s-maxage=30");
    get("/a").is(STORED);
    time.advanceSeconds(31);
    answer(request -> refused());
    assertThat(fails("/a")).hasMessageContaining(url("/a")).hasNoNullFieldsOrProperties();
  }

  @Test
  void servingStaleWhenDisconnectedCanBeSwitchedOff() throws IOException {
    use(settings().staleWhenDisconnected(Duration.ZERO).okHttpClient(ResourceLoaderTest::oneTry));
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    time.advanceSeconds(61);
    answer(request -> refused());
    assertThat(fails("/a").status()).isZero();
  }

  @Test
  void whyIsToldInWords() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    assertThat(get("/a").fetched.why()).isEqualTo("stored: a new generation; age 0 s of 60 s");
    time.advanceSeconds(5);
    assertThat(get("/a").fetched.why()).isEqualTo("fresh; age 5 s of 60 s");
    assertThat(get("/a").fetched.timeToLive()).isEqualTo(55_000);
    time.advanceSeconds(60);
    answer(request -> cut());
    assertThat(get("/a").is(STALE).fetched.why()).startsWith("stale: GET " + url("/a") + ": ");
  }

  // ---- Nothing partial is ever stored

  @Test
  void aCutBodyIsNotStored() throws IOException {
    answer(request -> cut());
    FetchException failure = fails("/a");
    assertThat(failure).hasMessageContaining(url("/a")).hasCauseInstanceOf(IOException.class);
    answer(200, "whole", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("whole");
    get("/a").is(FRESH).body("whole");
  }

  @Test
  void aCutChunkedBodyIsNotStored() throws IOException {
    answer(
        request ->
            new MockResponse.Builder()
                .chunkedBody("x".repeat(1 << 20), 1024)
                .addHeader("Cache-Control", "max-age=60")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
    assertThat(fails("/a")).isNotNull();
    answer(200, "whole");
    get("/a").is(STORED).body("whole");
  }

  @Test
  void contradictoryLengthsAreRefused() {
    answer(200, "abc", "Content-Length: 2", "Cache-Control: max-age=60");
    assertThat(fails("/a")).hasMessageContaining("Content-Length");
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() throws IOException {
    use(settings().maximumBytes(10));
    answer(200, "0123456789", "Cache-Control: max-age=60");
    get("/ten").is(STORED);
    answer(200, "0123456789a", "Cache-Control: max-age=60");
    assertThat(fails("/eleven")).hasMessageContaining("exceeds 10 bytes");
    answer(request -> new MockResponse.Builder().chunkedBody("0123456789a", 3).build());
    assertThat(fails("/chunked")).hasMessageContaining("exceeds 10 bytes");
  }

  // ---- URLs

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "ftp://a/b", "http://a b/", "file:///etc/passwd"})
  void whatIsNoUrlIsAnException(String url) {
    assertThatThrownBy(() -> loader.fetch(ResourceRequest.get(url)))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining(url);
  }

  @Test
  void credentialsInAUrlAreRefusedAndNotRepeated() {
    assertThatThrownBy(() -> loader.fetch(ResourceRequest.get("http://me:secret@localhost/")))
        .isInstanceOf(FetchException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void spellingsOfOneUrlAreOneResource() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    get("/x/../a").is(STORED);
    get("/a").is(FRESH);
    String odd = url("/a").replace("http://", "HTTP://").replace("/a", "/./b/../a#there");
    new Check(loader.fetch(ResourceRequest.get(odd))).is(FRESH).requests(1);
    loader.invalidate(odd);
    answer(200, "b");
    time.advanceSeconds(1);
    get("/a").is(STORED).body("b");
  }

  @Test
  void namespacesAndModesShareNothing() throws IOException {
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    use(settings().namespace("other"));
    answer(200, "b", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("b");
    use(settings().shared(true));
    answer(200, "c", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("c");
    use(settings());
    get("/a").is(FRESH).body("a");
  }
}
