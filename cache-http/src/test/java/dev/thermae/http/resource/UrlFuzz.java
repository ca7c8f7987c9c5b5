package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** A URL is normal, made normal, or refused; a reference leads somewhere or nowhere. */
@Tag("once")
final class UrlFuzz {

  @FuzzTest
  void normalizes(byte[] data) throws IOException {
    FuzzInput input = new FuzzInput(data);
    String url = input.text();
    String plain = UrlText.withoutFragment(url);
    try {
      String normal = UrlParser.normalize(plain);
      assertThat(UrlParser.normalize(normal)).isEqualTo(normal);
      if (UrlText.isNormal(plain)) {
        assertThat(normal).isEqualTo(plain);
      }
      String location = UrlParser.resolve(normal, input.text());
      if (location != null) {
        assertThat(location).startsWith("http").doesNotContain("#");
        assertThat(UrlParser.normalize(location)).isEqualTo(location);
      }
    } catch (FetchException e) {
      assertThat(UrlText.isNormal(plain)).isFalse();
    }
  }
}
