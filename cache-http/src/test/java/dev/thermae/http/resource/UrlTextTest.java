package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is called normal without being parsed is what a parser makes of it. */
class UrlTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a/",
        "https://example.org/lib/app-1.2.min.js",
        "https://example.org:8443/@scope/pkg@1.0.0/+esm?x=1&y=a.b/../c",
        "http://127.0.0.1:4711/a",
        "https://cdn.example.org/a%20b/c~d_e",
        "http://localhost:65535/a?",
      })
  void theUsualUrlIsNotParsed(String url) {
    assertThat(UrlText.isNormal(url)).isTrue();
    assertThat(HttpUrl.get(url).toString()).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://",
        "http:///",
        "HTTP://a/",
        "http://A/",
        "http://a",
        "http://a?x",
        "http://a:80/",
        "https://a:443/",
        "http://a:080/",
        "http://a:/",
        "http://a:65536/",
        "http://a:x/",
        "http://u@a/",
        "http://u:p@a/",
        "http://[::1]/",
        "http://1.2.3/",
        "http://1.2.3.256/",
        "http://1.2.3.04/",
        "http://xn--a/",
        "http://a.xn----86--86/",
        "http://a./",
        "http://.a/",
        "http://a..b/",
        "http://a/./b",
        "http://a/../b",
        "http://a/b/..",
        "http://a/%2e%2E/b",
        "http://a/%",
        "http://a/%g0",
        "http://a/b c",
        "http://a/\u00e4",
        "http://a/b\\c",
        "http://a/b\nc",
        "http://a/\"",
        " http://a/",
        "ftp://a/",
      })
  void everythingElseIs(String url) {
    assertThat(UrlText.isNormal(url)).isFalse();
  }

  @Test
  void whatIsCalledNormalIsNormal() {
    String alphabet = "ab.:/%2eE0189-_~@+?&=#[]\\ \tA\u00e4;,!$'()*|^{}<>\"";
    Random random = new Random(4);
    int normal = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder url = new StringBuilder(random.nextBoolean() ? "http://" : "https://");
      url.append(random.nextInt(3) == 0 ? "" : "a.b");
      int reach = random.nextInt(3) == 0 ? alphabet.length() : 22;
      for (int n = random.nextInt(14); n > 0; n--) {
        url.append(alphabet.charAt(random.nextInt(reach)));
      }
      String text = UrlText.withoutFragment(url.toString());
      if (UrlText.isNormal(text)) {
        normal++;
        HttpUrl parsed = HttpUrl.parse(text);
        assertThat(parsed).as(text).isNotNull();
        assertThat(parsed.toString()).isEqualTo(text);
      }
    }
    assertThat(normal).as("cases that say something").isGreaterThan(5_000);
  }
}
