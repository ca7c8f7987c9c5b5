package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagsTest {
  private static final Accepted GZIP = AcceptEncoding.read(List.of("gzip"));

  @ParameterizedTest
  @CsvSource({
    "'\"v1\"', '\"v1-gzip-000000ff\"'",
    "'\"\"', '\"-gzip-000000ff\"'",
    "'W/\"v1\"', 'W/\"v1\"'",
    "v1, v1",
    "'\"', '\"'",
  })
  void packed(String tag, String expected) {
    assertThat(EntityTags.packed(tag, BodyCoding.GZIP, 0xff)).isEqualTo(expected);
  }

  /** What a client that takes gzip and no zstd has, of a response whose tag is "v1". */
  @ParameterizedTest
  @CsvSource({
    "'\"v1\"', '\"v1\"'",
    "'W/\"v1\"', '\"v1\"'",
    "'\"v1-gzip-0123abcd\"', '\"v1-gzip-0123abcd\"'",
    "'W/\"v1-gzip-0123abcd\"', '\"v1-gzip-0123abcd\"'",
    "'\"v0\", \"a,b\", \"v1-gzip-0123abcd\"', '\"v1-gzip-0123abcd\"'",
    "'\"v1-zstd-0123abcd\"', ",
    "'\"v1-gzip-0123ABCD\"', ",
    "'\"v1-gzip-123abcd\"', ",
    "'\"v1-gzip-00123abcd\"', ",
    "'\"v1-gzip\"', ",
    "'\"v10-gzip-0123abcd\"', ",
    "'\"v-gzip-0123abcd\"', ",
    "'\"-gzip-0123abcd\"', ",
    "'\"v1-identity-0123abcd\"', ",
    "v1-gzip-0123abcd, ",
    "'\"v1-gzip-0123abcd', ",
    "*, ",
  })
  void known(String condition, String expected) {
    HttpFields client = HttpFields.build().add("If-None-Match", condition);
    assertThat(EntityTags.known(client, "\"v1\"", GZIP)).isEqualTo(expected);
  }

  @Test
  void aWeakTagHasNoOthers() {
    HttpFields client = HttpFields.build().add("If-None-Match", "\"v1-gzip-0123abcd\"");
    assertThat(EntityTags.known(client, "W/\"v1\"", GZIP)).isNull();
    assertThat(EntityTags.known(client, null, GZIP)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'\"v1\"', '\"v1\"'",
    "'\"v1-gzip-0123abcd\"', '\"v1\"'",
    "'W/\"v1-zstd-0123abcd\", \"b\"', 'W/\"v1\", \"b\"'",
    "'\"a-gzip-00000000\",\"b-zstd-ffffffff\"', '\"a\",\"b\"'",
    "'\"-gzip-00000000\"', '\"\"'",
    "'\"x-gzip-\"', '\"x-gzip-\"'",
    "'\"x-gzip-0000000g\"', '\"x-gzip-0000000g\"'",
    "'-gzip-00000000\"', '\"'",
    "'\"', '\"'",
    "*, *",
  })
  void plain(String list, String expected) {
    assertThat(EntityTags.plain(list)).isEqualTo(expected);
  }
}
