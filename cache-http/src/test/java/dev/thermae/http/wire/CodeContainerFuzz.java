package dev.thermae.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/**
 * What is read is what would be written, and everything else is refused: as it is, and as sections
 * under a right checksum, which a fuzzer does not find by itself.
 */
@Tag("once")
final class CodeContainerFuzz {
  private static final int MAGIC = 0x574D4854;

  @FuzzTest
  void decodes(byte[] data) {
    check(data);
    int url = data.length == 0 ? 0 : Math.min(data.length - 1, data[0] & 0x3f);
    int head = Math.max(1, data.length - (data.length == 0 ? 0 : data[data.length - 1] & 0x0f));
    if (1 + url <= head && head <= data.length) {
      check(
          SealedFile.seal(
              MAGIC,
              1,
              Seal.checksum(),
              Arrays.copyOfRange(data, 1, 1 + url),
              Arrays.copyOfRange(data, 1 + url, head),
              new byte[] {1},
              Arrays.copyOfRange(data, head, data.length)));
    }
  }

  private static void check(byte[] bytes) {
    CodeContainer container;
    try {
      container = CodeContainer.decode(bytes);
    } catch (MalformedContainerException e) {
      return;
    }
    assertThat(container.encode()).isEqualTo(bytes);
    assertThat(container.url()).isNotEmpty();
    assertThat(container.status()).isBetween(200, 299);
  }
}
