package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No field value, however malformed, makes the cache throw. */
class MalformedFieldsTest extends LoaderFixture {
  private static final String[] FIELDS = {
    "Cache-Control",
    "Expires",
    "Date",
    "Age",
    "Last-Modified",
    "ETag",
    "Vary",
    "Content-Type",
    "Content-Encoding",
    "Connection",
    "Pragma",
    "Set-Cookie",
    "Warning",
    "Content-Range",
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        "=",
        "==,=",
        "\"",
        "\"\\",
        "max-age=\"10",
        "max-age=\"10\\",
        "max-age=99999999999999999999999999999",
        "-9223372036854775809",
        "max-age=10;max-age",
        ";;;=;charset",
        "text/javascript; charset=\"\\",
        "W/\"",
        "*,*,*",
        "a:b",
        "\u00e4\u00f6\u00fc \ud83d\ude00",
        "Sun, 06 Nov 1994 08:49:37 GM",
        "Sun, 99 Nov 9999 99:99:99 GMT",
        "gzip, , ;q=",
      })
  void everyFieldWithRubbish(String value) throws IOException {
    for (String field : FIELDS) {
      answer(200, "a", field + ":" + value);
      answer(200, "b", field + ":" + value);
      get("/" + field).body("a").status(200);
      time.advanceSeconds(1);
      Fetched second = loader.fetch(ResourceRequest.get(url("/" + field)));
      assertThat(second.status()).isEqualTo(200);
      script.clear();
      Freshness.lifetime(
          new Metadata(200, "", HeaderList.of(field, value)),
          time.millis(),
          new Rules(true, false, 1, 1, 1));
    }
  }

  @Test
  void parsersAreTotal() {
    Random random = new Random(5);
    String alphabet = "=\",\\; \t-0123456789max-agensorebuvlidtMFGT:Sun\u00e4\u0000\r\n";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(32); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String value = text.toString();
      CacheControl control = CacheControl.parse(List.of(value, value));
      assertThat(control.maxAge()).isBetween(-1L, CacheControl.MAXIMUM_SECONDS);
      HttpDates.parse(value, random.nextLong());
      Charsets.parameter(value, "a");
      Charsets.of(new byte[0], HeaderList.of("Content-Type", value));
      HeaderList fields = HeaderList.of("Vary", value, "Age", value, "Connection", value);
      String names = Variants.names(fields);
      assertThat(names == null ? "" : Variants.selecting(names, fields)).isNotNull();
      assertThat(Freshness.initialAge(fields, 0, 1)).isNotNegative();
      assertThat(Heads.kept(new Metadata(200, "", fields)).headers().has("Connection")).isFalse();
    }
  }
}
