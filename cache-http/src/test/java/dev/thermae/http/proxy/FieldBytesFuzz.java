package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/** Octets of a field come out as they went in, when they are UTF-8. */
@Tag("once")
final class FieldBytesFuzz {

  @FuzzTest
  void carries(byte[] data) {
    String read = new String(data, StandardCharsets.ISO_8859_1);
    String inbound = FieldBytes.inbound(read);
    String text = new String(data, StandardCharsets.UTF_8);
    boolean isUtf8 =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).equals(read);
    if (isUtf8) {
      assertThat(FieldBytes.outbound(inbound)).isEqualTo(read);
    }
    assertThat(FieldBytes.inbound(FieldBytes.outbound(text))).isEqualTo(text);
  }
}
