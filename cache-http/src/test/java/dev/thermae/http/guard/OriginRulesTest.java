package dev.thermae.http.guard;

import static dev.thermae.http.guard.OriginRules.Verdict.INTERNAL;
import static dev.thermae.http.guard.OriginRules.Verdict.PUBLIC;
import static dev.thermae.http.guard.OriginRules.Verdict.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginRulesTest {
  private static OriginRules.Verdict judge(OriginRules rules, String url) {
    return rules.judge(HttpUrl.get(url));
  }

  @Test
  void nothingIsAllowedUnlessSaid() {
    assertThat(OriginRules.none().isEmpty()).isTrue();
    assertThat(judge(OriginRules.none(), "https://a.example/")).isEqualTo(REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, https://a.example/x, PUBLIC",
    "https://a.example, https://A.Example:443/, PUBLIC",
    "https://a.example, http://a.example/, REFUSED",
    "https://a.example, https://a.example:8443/, REFUSED",
    "https://a.example, https://b.a.example/, REFUSED",
    "https://a.example, https://xa.example/, REFUSED",
    "https://a.example, https://a.example.evil/, REFUSED",
    "http://a.example:8080/, http://a.example:8080/, PUBLIC",
    "a.example, http://a.example/, PUBLIC",
    "a.example, https://a.example/, PUBLIC",
    "a.example, https://a.example:80/, REFUSED",
    "*.a.example, https://b.a.example/, PUBLIC",
    "*.a.example, http://c.b.a.example/, PUBLIC",
    "*.a.example, https://a.example/, REFUSED",
    "*.a.example, https://ba.example/, REFUSED",
    "https://*.a.example:8443, https://b.a.example:8443/, PUBLIC",
    "https://*.a.example:8443, https://b.a.example/, REFUSED",
    "https://b\u00fccher.example, https://xn--bcher-kva.example/, PUBLIC",
    "*.b\u00fccher.example, https://x.B\u00dcCHER.example/, PUBLIC",
    "http://[2001:DB8:0::1], http://[2001:db8::1]/, PUBLIC",
  })
  void verdicts(String rule, String url, OriginRules.Verdict verdict) {
    assertThat(judge(OriginRules.none().allow(rule), url)).isEqualTo(verdict);
  }

  @Test
  void internalIsStronger() {
    OriginRules rules =
        OriginRules.none().allow("*.a.example").allowInternal("https://b.a.example");
    assertThat(judge(rules, "https://b.a.example/")).isEqualTo(INTERNAL);
    assertThat(judge(rules, "http://b.a.example/")).isEqualTo(PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "*.org",
        "*.co.uk",
        "*.github.io",
        "a.*.example",
        "*a.example",
        "*.*.a.example",
        "ftp://a.example",
        "https://a.example/x",
        "https://a.example/?",
        "https://u:p@a.example",
        "https://a.example#",
        "https://a.example\\",
        "https://a%2eexample",
        "a.example:80",
        "https://a.example:",
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://2130706433",
        "http://0177.0.0.1",
        "http://127.0.0.1.",
        "http://a.example.",
        "http://1.2.3.256",
        "http://a.0x7f",
        "http://[::1%25lo]",
        "http://[::1",
        "http://\u00e9_",
        "//a.example",
        "*.127.0.0.1",
      })
  void noRules(String text) {
    assertThatThrownBy(() -> OriginRules.none().allow(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void patternsAreNeverInternal() {
    assertThatThrownBy(() -> OriginRules.none().allowInternal("*.a.example"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exact");
  }
}
