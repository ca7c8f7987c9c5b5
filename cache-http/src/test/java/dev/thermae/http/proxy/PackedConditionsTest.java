package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions and ranges on what is packed, while it is in memory, later, and elsewhere. */
@Tag("once")
class PackedConditionsTest extends PackedFixture {
  private static final String DATE = "Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT";

  /** Where packed bodies may be when a client comes back with their tags. */
  private enum Where {
    HERE,
    GONE,
    RESTARTED
  }

  private void go(Where where) throws Exception {
    if (where == Where.GONE) {
      proxy.forgetMemory();
    } else if (where == Where.RESTARTED) {
      restart();
    }
  }

  /**
   * Tags with what the client takes now; OURS is what it was told. It is told its own again, or
   * gets a body.
   */
  @ParameterizedTest
  @CsvSource({
    "OURS, gzip, OURS",
    "W/OURS, gzip, OURS",
    "'\"v0\", OURS', gzip, OURS",
    "OURS, 'zstd, gzip;q=0.1', OURS",
    "'\"v1\"', gzip, '\"v1\"'",
    "'\"v1\"', br, '\"v1\"'",
    "'W/\"v1\"', gzip, '\"v1\"'",
    "'\"v1-gzip-00000000\"', gzip, '\"v1-gzip-00000000\"'",
    "'\"v1-zstd-00000000\"', zstd, '\"v1-zstd-00000000\"'",
    "OURS, identity, ",
    "OURS, gzip;q=0, ",
    "'\"v1-zstd-00000000\"', gzip, ",
    "'\"v2-gzip-00000000\"', gzip, ",
    "'\"v1-gzip\"', gzip, ",
    "'\"v0\"', gzip, ",
  })
  void tags(String condition, String accepted, String told) throws Exception {
    for (Where where : Where.values()) {
      proxy.forgetMemory();
      String path = "/" + where;
      answer(200, TEXT, MINUTE, TAG, TYPE);
      fetch(path, GZIP);
      String ours = field(packed(path, GZIP), "ETag");
      go(where);
      for (int i = 0; i < 3; i++) {
        HttpResponse<byte[]> response =
            fetch(
                path,
                "Accept-Encoding: " + accepted,
                "If-None-Match: " + condition.replace("OURS", ours));
        assertThat(response.statusCode()).as(where + "").isEqualTo(told == null ? 200 : 304);
        if (told != null) {
          assertThat(field(response, "ETag")).isEqualTo(told.replace("OURS", ours));
          assertThat(field(response, "Content-Encoding")).isNull();
          assertThat(field(response, "Content-Length")).isNull();
        } else {
          assertThat(text(response)).isEqualTo(TEXT);
        }
        assertThat(field(response, "Vary")).isEqualTo("Accept-Encoding");
      }
    }
    assertThat(requests).hasSize(Where.values().length);
  }

  @Test
  void whateverThereIs() throws Exception {
    String ours = field(warm(MINUTE, TAG, TYPE), "ETag");
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> response = fetch("/a.js", GZIP, "If-None-Match: *");
      assertThat(response.statusCode()).isEqualTo(304);
      assertThat(field(response, "ETag")).isEqualTo(ours);
    }
  }

  @Test
  void aWeakTagIsTheSameForAll() throws Exception {
    assertThat(field(warm(MINUTE, "ETag: W/\"v1\"", TYPE), "ETag")).isEqualTo("W/\"v1\"");
    for (String accepted : new String[] {GZIP, "Accept-Encoding: br"}) {
      String known = "If-None-Match: W/\"v1\"";
      assertThat(fetch("/a.js", accepted, known).statusCode()).isEqualTo(304);
      HttpResponse<byte[]> range =
          fetch("/a.js", accepted, "Range: bytes=5-9", "If-Range: W/\"v1\"");
      assertThat(range.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void datesAlone() throws Exception {
    HttpResponse<byte[]> packed = warm(MINUTE, DATE, TYPE);
    assertThat(field(packed, "ETag")).isNull();
    String known = DATE.replace("Last-Modified", "If-Modified-Since");
    assertThat(fetch("/a.js", GZIP, known).statusCode()).isEqualTo(304);
    String same = DATE.replace("Last-Modified", "If-Range");
    assertThat(fetch("/a.js", GZIP, "Range: bytes=5-9", same).statusCode())
        .as("the other part may be of another coding")
        .isEqualTo(200);
    HttpResponse<byte[]> plain = fetch("/a.js", "Range: bytes=5-9", same);
    assertThat(plain.statusCode()).isEqualTo(206);
    assertThat(text(plain)).isEqualTo(TEXT.substring(5, 10));
    HttpResponse<byte[]> unchecked = fetch("/a.js", GZIP, "Range: bytes=5-9");
    assertThat(text(unchecked)).as("nothing tells parts apart").isEqualTo(TEXT.substring(5, 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "If-Range: OURS"})
  void partsOfWhatIsPacked(String condition) throws Exception {
    HttpResponse<byte[]> whole = warm(MINUTE, TAG, TYPE);
    String ours = field(whole, "ETag");
    String[] fields = {GZIP, "Range: bytes=5-9", condition.replace("OURS", ours)};
    HttpResponse<byte[]> part =
        fetch("/a.js", condition.isEmpty() ? Arrays.copyOf(fields, 2) : fields);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 5, 10));
    assertThat(field(part, "Content-Range")).isEqualTo("bytes 5-9/" + whole.body().length);
    assertThat(field(part, "Content-Encoding")).isEqualTo("gzip");
    assertThat(field(part, "ETag")).isEqualTo(ours);
    HttpResponse<byte[]> beyond = fetch("/a.js", GZIP, "Range: bytes=99999-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(field(beyond, "Content-Range")).isEqualTo("bytes */" + whole.body().length);
  }

  @Test
  void aPartOfSomethingElseIsTheWhole() throws Exception {
    String ours = field(warm(MINUTE, TAG, TYPE), "ETag");
    String part = "Range: bytes=5-9";
    HttpResponse<byte[]> plain = fetch("/a.js", GZIP, part, "If-Range: \"v1\"");
    assertThat(plain.statusCode()).isEqualTo(206);
    assertThat(field(plain, "Content-Encoding")).isNull();
    assertThat(text(plain)).isEqualTo(TEXT.substring(5, 10));
    for (String other : new String[] {"\"v0\"", "\"v1-gzip-00000000\"", "\"v1-zstd-00000000\""}) {
      HttpResponse<byte[]> whole = fetch("/a.js", GZIP, part, "If-Range: " + other);
      assertThat(whole.statusCode()).as(other).isEqualTo(200);
      assertThat(text(whole)).isEqualTo(TEXT);
    }
    assertThat(fetch("/a.js", part, "If-Range: " + ours).statusCode()).isEqualTo(200);
    proxy.forgetMemory();
    HttpResponse<byte[]> gone = fetch("/a.js", GZIP, part, "If-Range: " + ours);
    assertThat(gone.statusCode()).isEqualTo(200);
    assertThat(text(gone)).isEqualTo(TEXT);
    HttpResponse<byte[]> unchecked = fetch("/a.js", GZIP, part);
    assertThat(text(unchecked)).isEqualTo(TEXT.substring(5, 10));
  }

  /** The origin never gave that tag out. */
  @Test
  void theOriginIsToldItsOwnTags() throws Exception {
    String ours = field(warm(MINUTE, TAG, TYPE), "ETag");
    answer(204, "");
    send("PUT", "/a.js", JS, "If-Match: " + ours);
    assertThat(lastRequest().getHeaders().get("If-Match")).isEqualTo("\"v1\"");
    answer(412, "");
    get("/a.js", "If-Match: \"x\", " + ours);
    assertThat(lastRequest().getHeaders().get("If-Match")).isEqualTo("\"x\", \"v1\"");
  }
}
