package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  @ParameterizedTest
  @CsvSource({
    "gzip, true",
    "'deflate, GZIP', true",
    "x-gzip;q=0.1, true",
    "*, true",
    "'br, *;q=0.1', true",
    "gzip; q=1.0, true",
    "'*;q=1, gzip;q=0', false",
    "gzip;q=0.000, false",
    "gzip;q=x, false",
    "gzip;level=1, false",
    "identity, false",
    "'', false",
    "br, false",
    "*;q=0, false",
  })
  void gzip(String value, boolean taken) {
    assertThat(AcceptEncoding.takesGzip(List.of(value))).isEqualTo(taken);
  }

  @Test
  void silence() {
    assertThat(AcceptEncoding.takesGzip(List.of())).isFalse();
    assertThat(order()).isEqualTo("identity");
  }

  /** What the client likes best first, and a plain body somewhere, come what may. */
  @ParameterizedTest
  @CsvSource({
    "'gzip, deflate, br, zstd', zstd gzip identity",
    "'gzip, deflate, br', gzip identity",
    "'zstd, gzip', zstd gzip identity",
    "'gzip;q=1.0, zstd;q=0.9', gzip zstd identity",
    "'gzip;q=0.5, zstd;q=0.501', zstd gzip identity",
    "*, gzip zstd identity",
    "'gzip, *', gzip zstd identity",
    "'zstd, *', zstd gzip identity",
    "'gzip;q=0.5, *;q=1', zstd identity gzip",
    "'br;q=1.0, gzip;q=0.8, *;q=0.1', gzip zstd identity",
    "'identity, gzip;q=0.5', identity gzip",
    "'identity;q=0.5, gzip;q=0.5', gzip identity",
    "'gzip, identity;q=0', gzip identity",
    "identity;q=0, identity",
    "*;q=0, identity",
    "'gzip, *;q=0', gzip identity",
    "'gzip;q=0, zstd', zstd identity",
    "'gzip;q=0, gzip', identity",
    "'gzip;q=0.0004', gzip identity",
    "'gzip;q=7, zstd', zstd gzip identity",
    "'gzip;q=-1, zstd;q=NaN', identity",
    "', ,;q=1,gzip ;Q=0.2 ,', gzip identity",
  })
  void order(String value, String expected) {
    assertThat(order(value)).isEqualTo(expected);
  }

  @Test
  void severalLines() {
    assertThat(order("gzip;q=0.1", "zstd;q=0", "*;q=0.2")).isEqualTo("identity gzip");
  }

  private static String order(String... values) {
    Accepted accepted = AcceptEncoding.read(List.of(values));
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < accepted.size(); i++) {
      tokens.add(accepted.get(i).toString().toLowerCase(Locale.ROOT));
    }
    return String.join(" ", tokens);
  }

  @Test
  void credentialsAreNotForgotten() {
    Accepted open = Accepted.of("gzip, br", false);
    Accepted guarded = Accepted.of("gzip, br", true);
    assertThat(open.isGuarded()).isFalse();
    assertThat(guarded.isGuarded()).isTrue();
    assertThat(guarded.takes(BodyCoding.GZIP)).isTrue();
    assertThat(Accepted.of("gzip, br", false)).isSameAs(open);
    assertThat(Accepted.of(null, true).isGuarded()).isTrue();
  }
}
