package dev.thermae.http.resource;

import static dev.thermae.http.resource.Fetched.Outcome.FRESH;
import static dev.thermae.http.resource.Fetched.Outcome.PASSED;
import static dev.thermae.http.resource.Fetched.Outcome.REVALIDATED;
import static dev.thermae.http.resource.Fetched.Outcome.STORED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variants (RFC 9111 section 4.1) and credentials (section 3.5). */
class VariantsTest extends LoaderFixture {
  @Test
  void variantsLiveSideBySide() throws IOException {
    answer(200, "fr", "Vary: Accept-Language", "Cache-Control: max-age=60");
    answer(200, "en", "Vary: accept-language", "Cache-Control: max-age=60");
    answer(200, "none", "Vary: ACCEPT-LANGUAGE", "Cache-Control: max-age=60");
    get("/a", "Accept-Language: fr").is(STORED).body("fr");
    get("/a", "Accept-Language: en").is(STORED).body("en");
    get("/a").is(STORED).body("none");
    get("/a", "Accept-Language: fr").is(FRESH).body("fr");
    get("/a", "Accept-Language: en").is(FRESH).body("en");
    get("/a", "Accept-Language:  EN ").is(FRESH).body("en");
    get("/a").is(FRESH).body("none").requests(3);
  }

  @Test
  void aVariantIsValidatedForItself() throws IOException {
    answer(200, "1", "Vary: X-A", "ETag: \"1\"");
    answer(200, "2", "Vary: X-A", "ETag: \"2\"");
    get("/a", "X-A: 1").is(STORED);
    get("/a", "X-A: 2").is(STORED);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
    answer(304, "", "Cache-Control: max-age=60");
    get("/a", "X-A: 1").is(REVALIDATED).body("1");
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isEqualTo("\"1\"");
    get("/a", "X-A: 1").is(FRESH).body("1");
  }

  @ParameterizedTest(name = "Vary: {0}")
  @CsvSource({"*", "'X-A, *'", "'*, X-A'"})
  void aStarIsNeverStored(String vary) throws IOException {
    answer(200, "a", "Vary: " + vary, "Cache-Control: max-age=60");
    answer(200, "b", "Vary: " + vary, "Cache-Control: max-age=60");
    get("/a").is(PASSED).body("a");
    get("/a").is(PASSED).body("b");
  }

  @ParameterizedTest(name = "[{0}] and [{1}] are the same: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "X: a, b; X: a,b; true",
        "X: a, b; X: a| X: b; true",
        "X: a  b; X: a b; true",
        "X: a; X: A; false",
        "X: \"a  b\"; X: \"a b\"; false",
        "X: a; Y: a; false",
        "Accept-Encoding: gzip, BR; accept-encoding: GZIP,br; true",
        "X: ; Y: a; false",
      })
  void valuesAreNormalizedWhereThatChangesNoMeaning(String one, String other, boolean same) {
    String names = "accept-encoding\nx\n";
    assertThat(selecting(names, one).equals(selecting(names, other))).isEqualTo(same);
    assertThat(selecting(selecting(names, one), one)).isEqualTo(selecting(names, one));
  }

  private static String selecting(String names, String fields) {
    HeaderList list = HeaderList.EMPTY;
    for (String field : fields.split("\\|", -1)) {
      list = list.with(field.split(":", 2)[0].trim(), field.split(":", 2)[1].trim());
    }
    return Variants.selecting(names, list);
  }

  @Test
  void ourOwnFieldsSelectToo() throws IOException {
    answer(200, "a", "Vary: Accept-Encoding, User-Agent, Host", "Cache-Control: max-age=60");
    assertThat(get("/a").is(STORED).fetched.entry().head().selecting())
        .startsWith("accept-encoding: br,gzip\nuser-agent: thermae/")
        .endsWith("\n");
    get("/a").is(FRESH);
    answer(200, "plain", "Vary: Accept-Encoding", "Cache-Control: max-age=60");
    get("/a", "Accept-Encoding: identity").is(STORED).body("plain");
  }

  @Test
  void aFieldThatTheHttpClientAddsCannotSelect() throws IOException {
    use(settings().okHttpClient(VariantsTest::clientWithField));
    answer(200, "a", "Vary: X-Added", "Cache-Control: max-age=60");
    get("/a").is(PASSED);
  }

  private static OkHttpClient clientWithField() {
    return new OkHttpClient.Builder()
        .addNetworkInterceptor(
            chain ->
                chain.proceed(
                    chain
                        .request()
                        .newBuilder()
                        .header("X-Added", "1")
                        .header("Authorization", "Bearer 1")
                        .build()))
        .build();
  }

  @Test
  void credentialsThatTheHttpClientAddsCount() throws IOException {
    use(settings().okHttpClient(VariantsTest::clientWithField));
    answer(200, "a", "Cache-Control: max-age=60");
    get("/a").is(PASSED);
  }

  @ParameterizedTest(name = "private mode, {0}, {1}: stored {2}, in a namespace of one user {3}")
  @CsvSource({
    "Authorization: Bearer 1, max-age=60, false, true",
    "Authorization: Bearer 1, 'max-age=60, public', true, true",
    "Authorization: Bearer 1, 'max-age=60, must-revalidate', true, true",
    "Authorization: Bearer 1, 'max-age=60, s-maxage=60', true, true",
    "Authorization: Bearer 1, 'max-age=60, private', false, true",
    "Cookie: id=1, max-age=60, false, true",
    "Cookie: id=1, 'max-age=60, public', true, true",
    "Cookie: id=1, 'max-age=60, private', false, true",
    "X-Other: 1, 'max-age=60, private', true, true",
  })
  void responsesToCredentials(String field, String control, boolean stored, boolean storedForOne)
      throws IOException {
    answer(200, "mine", "Cache-Control: " + control);
    get("/a", field).is(stored ? STORED : PASSED);
    use(settings().namespace("me").singleUser(true));
    answer(200, "mine", "Cache-Control: " + control);
    get("/a", field).is(storedForOne ? STORED : PASSED);
  }

  @Test
  void thePublicsResponseServesThoseWithCredentials() throws IOException {
    answer(200, "all", "Cache-Control: max-age=60");
    get("/a").is(STORED);
    get("/a", "Authorization: Bearer 1").is(FRESH).body("all");
    time.advanceSeconds(61);
    answer(200, "mine", "Cache-Control: private");
    get("/a", "Authorization: Bearer 1").is(PASSED).body("mine");
    answer(200, "all again", "Cache-Control: max-age=60");
    get("/a").is(STORED).body("all again");
  }
}
