package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
  }
}
