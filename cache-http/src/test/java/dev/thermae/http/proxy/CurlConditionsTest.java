package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranges and conditions as a real curl asks with them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
@Tag("once")
class CurlConditionsTest extends CurlFixture {
  @Test
  void ranges() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "0-0 | 206 | 0 | 1",
            "0-99 | 206 | 0 | 100",
            "99999-99999 | 206 | 99999 | 100000",
            "99000- | 206 | 99000 | 100000",
            "0- | 206 | 0 | 100000",
            "-1 | 206 | 99999 | 100000",
            "-500 | 206 | 99500 | 100000",
            "-200000 | 206 | 0 | 100000",
            "50000-999999999999 | 206 | 50000 | 100000",
            "99999- | 206 | 99999 | 100000",
            "0-1,5-6 | 200 | 0 | 100000",
            "0-0,-1 | 200 | 0 | 100000",
            "5-2 | 200 | 0 | 100000")) {
      String[] row = line.split(" \\| ", -1);
      ranges(
          url,
          row[0],
          Integer.parseInt(row[1]),
          Integer.parseInt(row[2]),
          Integer.parseInt(row[3]));
    }
    assertThat(requests).hasSize(1);
  }

  private void ranges(String url, String range, int status, int from, int to) throws Exception {
    Transfer part = curl(url, "-H", "Range: bytes=" + range);
    assertThat(part.status()).as(range).isEqualTo(status);
    assertThat(part.bytes()).as(range).isEqualTo(Arrays.copyOfRange(body, from, to));
    assertThat(part.field("Content-Length")).isEqualTo("" + (to - from));
    String told = status == 206 ? "bytes " + from + '-' + (to - 1) + "/100000" : null;
    assertThat(part.field("Content-Range")).isEqualTo(told);
    assertThat(part.field("Accept-Ranges")).isEqualTo("bytes");
    assertThat(part.field("ETag")).isEqualTo("\"one\"");
  }

  @Test
  void rangesOfNothing() throws Exception {
    String url = cached();
    for (String line : List.of("100000-", "100000-100001", "999999999999-", "-0")) {
      rangesOfNothing(url, line);
    }
    assertThat(requests).hasSize(1);
  }

  private void rangesOfNothing(String url, String range) throws Exception {
    Transfer none = curl(url, "-H", "Range: bytes=" + range);
    assertThat(none.status()).as(range).isEqualTo(416);
    assertThat(none.field("Content-Range")).isEqualTo("bytes */100000");
    assertThat(none.bytes())
        .as(range)
        .isEqualTo("416 Range Not Satisfiable\n".getBytes(StandardCharsets.UTF_8));
    assertThat(none.field("ETag")).isNull();
  }

  @Test
  void rangesOfWhatIsKnown() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "\"one\" | 206",
            "W/\"one\" | 200",
            "\"other\" | 200",
            "one | 200",
            "Sun, 06 Nov 1994 08:00:00 GMT | 206",
            "Sun, 06 Nov 1994 08:00:01 GMT | 200",
            "Sun, 06 Nov 1994 07:59:59 GMT | 200")) {
      String[] row = line.split(" \\| ", -1);
      rangesOfWhatIsKnown(url, row[0], Integer.parseInt(row[1]));
    }
    assertThat(requests).hasSize(1);
  }

  private void rangesOfWhatIsKnown(String url, String validator, int status) throws Exception {
    Transfer part = curl(url, "-r", "10-19", "-H", "If-Range: " + validator);
    assertThat(part.status()).as(validator).isEqualTo(status);
    assertThat(part.bytes())
        .as(validator)
        .isEqualTo(status == 206 ? Arrays.copyOfRange(body, 10, 20) : body);
  }

  /** A weak tag says nothing of bytes (RFC 9110 section 13.1.5). */
  @Test
  void rangesByWeakTags() throws Exception {
    script.add(request -> response(200, body, "Cache-Control: max-age=600", "ETag: W/\"one\""));
    curl(proxy.url() + "/a.js");
    Transfer part = curl(proxy.url() + "/a.js", "-r", "10-19", "-H", "If-Range: W/\"one\"");
    assertThat(part.status()).isEqualTo(200);
    assertThat(part.bytes()).isEqualTo(body);
  }

  @Test
  void conditions() throws Exception {
    String url = cached();
    for (String line :
        List.of(
            "If-None-Match: \"one\" | 304",
            "If-None-Match: W/\"one\" | 304",
            "If-None-Match: \"other\", \"one\" | 304",
            "If-None-Match: * | 304",
            "If-None-Match: \"other\" | 200",
            "If-Modified-Since: Sun, 06 Nov 1994 08:00:00 GMT | 304",
            "If-Modified-Since: Sun, 06 Nov 1994 08:00:01 GMT | 304",
            "If-Modified-Since: Sunday, 06-Nov-94 08:00:00 GMT | 304",
            "If-Modified-Since: Sun, 06 Nov 1994 07:59:59 GMT | 200",
            "If-Modified-Since: yesterday | 200")) {
      String[] row = line.split(" \\| ", -1);
      conditions(url, row[0], Integer.parseInt(row[1]));
    }
    assertThat(requests).hasSize(1);
  }

  private void conditions(String url, String condition, int status) throws Exception {
    for (String method : new String[] {"-sS", "-I"}) {
      Transfer answer = curl(url, method, "-H", condition);
      assertThat(answer.status()).as(method + condition).isEqualTo(status);
      boolean whole = status == 200 && !method.equals("-I");
      assertThat(answer.field("ETag")).isEqualTo("\"one\"");
      assertThat(answer.field("Cache-Status")).contains("; hit");
      assertThat(answer.field("Content-Length")).isEqualTo(status == 200 ? "100000" : null);
      if (!method.equals("-I")) {
        assertThat(answer.bytes()).isEqualTo(whole ? body : new byte[0]);
      }
    }
  }

  /** Tags outweigh dates, and conditions outweigh ranges. */
  @Test
  void whichConditionHolds() throws Exception {
    String url = cached();
    String since = "If-Modified-Since: " + MODIFIED;
    assertThat(curl(url, "-H", "If-None-Match: \"other\"", "-H", since).status()).isEqualTo(200);
    String tag = "If-None-Match: \"one\"";
    assertThat(curl(url, "-H", tag, "-r", "0-9").status()).isEqualTo(304);
    assertThat(curl(url, "-H", tag, "-r", "999999-").status()).isEqualTo(304);
  }
}
