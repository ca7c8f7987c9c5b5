package dev.thermae.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/** A body decodes within the limits, or the caller is told. */
@Tag("once")
final class ContentCodingFuzz {

  private static final int LIMIT = 1 << 16;

  @FuzzTest
  void decodes(byte[] data) throws IOException {
    int end = 0;
    while (end < data.length && data[end] != '\n') {
      end++;
    }
    HeaderList headers = new FuzzInput(Arrays.copyOf(data, end)).fields();
    byte[] body = Arrays.copyOfRange(data, Math.min(data.length, end + 1), data.length);
    try {
      byte[] decoded = ContentCoding.decode("http://a/", headers, body, LIMIT, 200);
      boolean encoded = ContentCoding.isEncoded(headers);
      assertThat(decoded.length).isLessThanOrEqualTo(encoded ? LIMIT : body.length);
    } catch (FetchException e) {
      assertThat(ContentCoding.isEncoded(headers)).isTrue();
    }
  }
}
