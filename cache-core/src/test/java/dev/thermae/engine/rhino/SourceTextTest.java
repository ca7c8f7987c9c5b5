package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "plain ASCII",
        "é",
        "aéb",
        "éé",
        "a\u00ffb\u0100c",
        "’quoted’",
        "x\u2028y\ufeffz",
        "\ud83d\ude00",
        "a\ud83d\ude00b\ud83d\ude00\ud83d\ude00é"
      })
  void isTheSameAsDecoded(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] places = SourceText.places(text);

    assertThat(places).isNotNull();
    assertThat(SourceText.of(utf8, places)).isEqualTo(text);
  }

  @Test
  void randomTextsAreTheSameAsDecoded() {
    Random random = new Random(7);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        int most = new int[] {0x80, 0x80, 0x100, 0x3000, 0x10000, 0x110000}[random.nextInt(6)];
        int character = random.nextInt(most);
        boolean surrogate = character >= 0xd800 && character < 0xe000;
        text.appendCodePoint(surrogate || character == 0xfffd ? 'x' : character);
      }
      isTheSameAsDecoded(text.toString());
    }
  }

  @Test
  void whatMayHaveBeenMalformedHasNoPlaces() {
    byte[] malformed = {'a', (byte) 0xff, 'b', (byte) 0xc3};

    assertThat(SourceText.places(new String(malformed, StandardCharsets.UTF_8))).isNull();
  }

  @Test
  void manyHaveNoPlaces() {
    assertThat(SourceText.places("é".repeat(4096))).hasSize(4096);
    assertThat(SourceText.places("é".repeat(4097))).isNull();
  }

  /** What they give is compared with the length of the text; they must not fail. */
  @Test
  void placesOfAnotherSourceGiveNothingOrAnotherText() {
    Random random = new Random(8);
    byte[] utf8 = "aéb’c\ud83d\ude00d".getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      int[] places = new int[random.nextInt(4)];
      for (int i = 0; i < places.length; i++) {
        places[i] = random.nextInt(20) - 4;
      }
      refused += SourceText.of(utf8, places) == null ? 1 : 0;
    }
    assertThat(refused).isBetween(1, 19_999);
    assertThat(SourceText.of(utf8, new int[] {Integer.MIN_VALUE})).isNull();
    assertThat(SourceText.of(utf8, new int[] {Integer.MAX_VALUE})).isNull();
  }
}
