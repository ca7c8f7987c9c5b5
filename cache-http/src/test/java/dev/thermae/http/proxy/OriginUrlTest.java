package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://a.example, http://a.example",
    "HTTPS://A.example:443/, https://a.example",
    "http://127.0.0.1:8000/, http://127.0.0.1:8000",
    "http://[::1]:8000, http://[::1]:8000",
  })
  void origins(String text, String normal) {
    OriginUrl origin = OriginUrl.parse(text);
    assertThat(origin).hasToString(normal);
    assertThat(origin.resolve("/x?y#".substring(0, 4))).isEqualTo(normal + "/x?y");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://a, http:// or https://",
    "a.example, http:// or https://",
    "'', http:// or https://",
    "http://, http:// or https://",
    "http://\u00e9_, http:// or https://",
    "http://a/b, without a path",
    "http://a\\b, without a path",
    "http://a/?, without a query",
    "http://a/?q, without a query",
    "http://a/#f, without a query",
    "http://u:secret@a/, without credentials",
  })
  void others(String text, String why) {
    assertThatThrownBy(() -> OriginUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "*", "x", "@evil", ".evil", ":80", "/a#b", "/a b", "/\\x", "/\u00e9"})
  void noTargetLeadsElsewhere(String target) {
    assertThat(OriginUrl.parse("http://a").resolve(target)).isNull();
  }

  @Test
  void references() {
    OriginUrl origin = OriginUrl.parse("http://a:81");
    assertThat(origin.resolve("http://a:81/x/y", "z")).isEqualTo("http://a:81/x/z");
    assertThat(origin.resolve("http://a:81/x", "http://A:81/q")).isEqualTo("http://a:81/q");
    assertThat(origin.resolve("http://a:81/x", "http://a/q")).isNull();
    assertThat(origin.resolve("http://a:81/x", "https://a:81/q")).isNull();
    assertThat(origin.resolve("http://a:81/x", "//b:81/q")).isNull();
    assertThat(origin.resolve("http://a:81/x", "mailto:a@b")).isNull();
    assertThat(origin.resolve("http://a:81/x", "//u:secret@a:81/q")).isNull();
  }
}
