package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/** Whatever the type says, there is a charset. */
@Tag("once")
final class CharsetsFuzz {

  @FuzzTest
  void of(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    HeaderList headers = HeaderList.EMPTY.with("Content-Type", input.text());
    byte[] body = input.text().getBytes(StandardCharsets.UTF_8);
    assertThat(Charsets.of(body, headers).canEncode()).isTrue();
    assertThat(Charsets.of(data, headers).canEncode()).isTrue();
    assertThat(Charsets.parameter(input.text(), input.text())).isNotNull();
  }
}
