package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The container: lengths that lie under a seal that holds, as only a bug or the user can make. */
class SealedFileTest {
  private static final int MAGIC = 0x54534554;

  private static byte[] file(byte[]... sections) {
    return SealedFile.seal(MAGIC, 3, Seal.checksum(), sections);
  }

  private static Rejection reason(byte[] bytes) {
    return SealedFile.open(bytes, MAGIC, 3, 2, Seal.checksum()).rejection();
  }

  /** Seals anew after a change. */
  private static byte[] resealed(byte[] bytes) {
    Seal.checksum().tag(bytes, 0, bytes.length - 8, bytes, bytes.length - 8);
    return bytes;
  }

  @Test
  void sectionsComeBack() {
    byte[] text = "text \u00fc".getBytes(StandardCharsets.UTF_8);
    SealedFile opened = SealedFile.open(file(text, new byte[0]), MAGIC, 3, 2, Seal.checksum());
    assertThat(opened.rejection()).isNull();
    assertThat(opened.text(0)).isEqualTo("text \u00fc");
    assertThat(opened.section(0, 1, 2)).containsExactly('e', 'x');
    assertThat(opened.text(1)).isEmpty();
    assertThat(opened.holds(0, 2, new byte[] {'x', 't'})).isTrue();
    assertThat(opened.holds(0, 2, new byte[] {'x', 'y'})).isFalse();
  }

  @Test
  void numbersOfAllSizesComeBack() {
    for (long value : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x80000000L}) {
      byte[] numbers = new byte[9];
      SealedFile.write64(numbers, 1, value);
      SealedFile opened = SealedFile.open(file(numbers, numbers), MAGIC, 3, 2, Seal.checksum());
      assertThat(opened.int64(1, 1)).isEqualTo(value);
    }
  }

  @Test
  void lengthsThatLieAreRefused() {
    for (int length : new int[] {-1, 4, 6, 200, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      byte[] bytes = file(new byte[5], new byte[5]);
      for (int i = 0; i < 4; i++) {
        bytes[12 + i] = (byte) (length >> 8 * i);
      }
      assertThat(reason(bytes)).isEqualTo(Rejection.SEAL);
      assertThat(reason(resealed(bytes))).as("%d", length).isEqualTo(Rejection.LENGTH);
    }
  }

  @Test
  void anotherNumberOfSectionsIsAnotherFormat() {
    assertThat(reason(file(new byte[5]))).isEqualTo(Rejection.FORMAT);
    assertThat(reason(file(new byte[5], new byte[5], new byte[5]))).isEqualTo(Rejection.FORMAT);
    assertThat(reason(file(new byte[5], new byte[5]))).isNull();
  }
}
