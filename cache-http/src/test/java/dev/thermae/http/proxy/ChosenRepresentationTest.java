package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets of one stored response: by its conditions, range and codings. */
class ChosenRepresentationTest extends ProxyFixture {
  private static final String TAG = "ETag: \"v1\"";
  private static final String MINUTE = "Cache-Control: max-age=60";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-None-Match: \"v1\"",
        "If-None-Match: W/\"v1\"",
        "If-None-Match: \"a,b\", W/\"v1\", \"z\"",
        "If-None-Match: *",
        "If-Modified-Since: Sun, 06 Nov 1994 08:00:00 GMT",
        "If-Modified-Since: Sunday, 06-Nov-94 08:00:01 GMT",
        "If-Modified-Since: Sun Nov  6 08:00:01 1994",
      })
  void theClientHasItAlready(String condition) throws Exception {
    answer(
        200,
        JS,
        MINUTE,
        TAG,
        "Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT",
        "Content-Type: text/javascript",
        "Content-Language: en");
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get("/a.js", condition);
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(response.body()).isEmpty();
      assertThat(field(response, "ETag")).isEqualTo("\"v1\"");
      assertThat(field(response, "Cache-Control")).isEqualTo("max-age=60");
      assertThat(field(response, "Content-Type")).isNull();
      assertThat(field(response, "Content-Language")).isNull();
      assertThat(field(response, "Content-Length")).isNotEqualTo("0");
    }
    assertThat(requests).hasSize(1);
    assertThat(lastRequest().getHeaders().get("If-None-Match")).isNull();
    assertThat(lastRequest().getHeaders().get("If-Modified-Since")).isNull();
    assertThat(proxy.stats().notModified()).isEqualTo(2);
    assertThat(get("/a.js").body()).isEqualTo(JS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "If-None-Match: \"v2\"",
        "If-None-Match: v1",
        "If-None-Match: \"v1",
        "If-Modified-Since: Sun, 06 Nov 1994 07:59:59 GMT",
        "If-Modified-Since: yesterday",
      })
  void theClientHasItNot(String condition) throws Exception {
    answer(200, JS, MINUTE, TAG, "Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT");
    assertThat(get("/a.js", condition).statusCode()).isEqualTo(200);
    assertThat(get("/a.js", condition).body()).isEqualTo(JS);
  }

  @Test
  void conditionsHoldForSuccessOnly() throws Exception {
    answer(404, "no", MINUTE, TAG);
    assertThat(get("/a.js", "If-None-Match: \"v1\"").statusCode()).isEqualTo(404);
  }

  @Test
  void conditionsOfAnotherKindAreTheOriginsToJudge() throws Exception {
    answer(412, "");
    HttpResponse<String> response = get("/a.js", "If-Match: \"v9\"");
    assertThat(response.statusCode()).isEqualTo(412);
    assertThat(lastRequest().getHeaders().get("If-Match")).isEqualTo("\"v9\"");
    assertThat(field(response, "Cache-Status")).isEqualTo("thermae; fwd=bypass; fwd-status=412");
  }

  @Test
  void gzipIsUndoneForWhoDoesNotTakeIt() throws Exception {
    byte[] packed = gzip(JS.repeat(100));
    script.add(request -> response(200, packed, MINUTE, TAG, "Content-Encoding: gzip"));
    HttpResponse<String> plain = get("/a.js");
    assertThat(plain.body()).isEqualTo(JS.repeat(100));
    assertThat(field(plain, "Content-Encoding")).isNull();
    assertThat(field(plain, "ETag")).isEqualTo("W/\"v1\"");
    assertThat(field(plain, "Vary")).isEqualTo("Accept-Encoding");
    assertThat(get("/a.js", "If-None-Match: W/\"v1\"").statusCode()).isEqualTo(304);

    HttpResponse<byte[]> coded =
        client.send(
            request("GET", "/a.js", null, "Accept-Encoding: br, gzip;q=0.5"),
            BodyHandlers.ofByteArray());
    assertThat(coded.body()).isEqualTo(packed);
    assertThat(field(coded, "Content-Encoding")).isEqualTo("gzip");
    assertThat(field(coded, "ETag")).isEqualTo("\"v1\"");
    assertThat(requests).hasSize(1);
    assertThat(lastRequest().getHeaders().values("Accept-Encoding")).containsExactly("gzip");
  }

  @Test
  void whatMustNotBeTransformedIsAskedForInPlain() throws Exception {
    byte[] packed = gzip(JS);
    String fixed = "Cache-Control: max-age=60, no-transform";
    String varies = "Vary: Accept-Encoding";
    script.add(request -> response(200, packed, fixed, "Content-Encoding: gzip", varies));
    answer(200, JS, fixed, varies);
    assertThat(get("/a.js").body()).isEqualTo(JS);
    assertThat(lastRequest().getHeaders().values("Accept-Encoding")).containsExactly("identity");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 206, 'var ', bytes 0-3/10",
    "bytes=4-, 206, 'x = 1;', bytes 4-9/10",
    "bytes=-2, 206, '1;', bytes 8-9/10",
    "bytes=8-99, 206, '1;', bytes 8-9/10",
    "bytes=10-, 416, , bytes */10",
    "'bytes=0-1,3-4', 200, 'var x = 1;', ",
    "lines=1-2, 200, 'var x = 1;', ",
    "bytes=5-2, 200, 'var x = 1;', ",
  })
  void ranges(String range, int status, String body, String contentRange) throws Exception {
    answer(200, JS, MINUTE, TAG);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = get("/a.js", "Range: " + range);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(field(response, "Content-Range")).isEqualTo(contentRange);
      if (body != null) {
        assertThat(response.body()).isEqualTo(body);
      }
    }
    assertThat(lastRequest().getHeaders().get("Range")).isNull();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aRangeOfSomethingElseIsTheWhole() throws Exception {
    answer(200, JS, MINUTE, TAG);
    assertThat(get("/a.js", "Range: bytes=0-1", "If-Range: \"v1\"").statusCode()).isEqualTo(206);
    assertThat(get("/a.js", "Range: bytes=0-1", "If-Range: \"v0\"").statusCode()).isEqualTo(200);
    assertThat(get("/a.js", "Range: bytes=0-1", "If-Range: W/\"v1\"").statusCode()).isEqualTo(200);
  }
}
