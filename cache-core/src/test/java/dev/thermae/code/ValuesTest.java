package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sources, shapes, fingerprints, keys and hashes as values. */
class ValuesTest {
  @Test
  void sourcesAreComparedByNameCharsetAndBytes() {
    Source source = Source.of("a.js", "text");
    assertThat(source).isEqualTo(Source.of("a.js", "text"));
    assertThat(source).hasSameHashCodeAs(Source.of("a.js", "text"));
    assertThat(source).isNotEqualTo(Source.of("b.js", "text"));
    assertThat(source).isNotEqualTo(Source.of("a.js", "texT"));
    assertThat(source).isNotEqualTo(Source.of("a.js", source.bytes(), StandardCharsets.ISO_8859_1));
  }

  @Test
  void textIsDecodedWithoutItsByteOrderMark() {
    byte[] marked = "\uFEFFtext".getBytes(StandardCharsets.UTF_8);
    assertThat(Source.of("a.js", marked, StandardCharsets.UTF_8).text()).isEqualTo("text");
    byte[] latin = {(byte) 0xfc};
    assertThat(Source.of("a.js", latin, StandardCharsets.ISO_8859_1).text()).isEqualTo("\u00fc");
    assertThat(Source.of("a.js", "").text()).isEmpty();
  }

  @Test
  void textOfAsciiIsTheSame() {
    assertThat(Source.of("a.js", "text").isAscii()).isTrue();
    assertThat(Source.of("a.js", "text").asciiText()).isEqualTo("text");
    assertThat(Source.of("a.js", "\u00fc").isAscii()).isFalse();
    assertThat(Source.of("a.js", "\uFEFFtext").isAscii()).isFalse();
    byte[] malformed = {'a', (byte) 0xff};
    assertThat(Source.of("a.js", malformed, StandardCharsets.UTF_8).isAscii()).isFalse();
    byte[] latin = {'a'};
    assertThat(Source.of("a.js", latin, StandardCharsets.ISO_8859_1).isAscii()).isFalse();
  }

  @Test
  void sourceHashIsShaOverCharsetAndBytes() {
    // printf 'UTF-8\0text' | sha256sum
    assertThat(HexFormat.of().formatHex(Source.of("a.js", "text").hash()))
        .isEqualTo("25662d1ce5467acd407cba28738d8e84d48fdf7cccc83ea0d2e644dcb628eda9");
    assertThat(
            Source.of("a.js", "text".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_16)
                .hash())
        .isNotEqualTo(Source.of("a.js", "text").hash());
  }

  @Test
  void shapesDifferInEveryPart() {
    Shape shape = Shape.of(Shape.Kind.SCRIPT, "a", 1, false);
    assertThat(shape).isEqualTo(Shape.SCRIPT.named("a")).isNotEqualTo(Shape.SCRIPT);
    assertThat(shape).isNotEqualTo(Shape.of(Shape.Kind.MODULE, "a", 1, false));
    assertThat(shape).isNotEqualTo(Shape.of(Shape.Kind.SCRIPT, "b", 1, false));
    assertThat(shape).isNotEqualTo(Shape.of(Shape.Kind.SCRIPT, "a", 2, false));
    assertThat(shape).isNotEqualTo(Shape.of(Shape.Kind.SCRIPT, "a", 1, true));
    assertThat(shape.text()).isEqualTo("SCRIPT 1 sloppy a");
  }

  @Test
  void fingerprintIsOverSortedParts() {
    Fingerprint fingerprint = Fingerprint.compute(Map.of("b", "2", "a", "1"));
    assertThat(fingerprint.parts()).isEqualTo("a=1\nb=2\n");
    assertThat(fingerprint).isEqualTo(Fingerprint.compute(Map.of("a", "1", "b", "2")));
    assertThat(fingerprint).isNotEqualTo(Fingerprint.compute(Map.of("a", "1", "b", "3")));
    assertThat(fingerprint.bytes()).isEqualTo(Fingerprint.digest("a=1\nb=2\n"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fingerprint.compute(Map.of("a", "1\nb=2")));
    assertThatIllegalArgumentException().isThrownBy(() -> Fingerprint.compute(Map.of("a=b", "1")));
    assertThatIllegalArgumentException().isThrownBy(() -> Fingerprint.recorded(new byte[3], ""));
  }

  @Test
  void differenceOfFingerprintsNamesThePart() {
    Fingerprint ours = Fingerprint.compute(Map.of("a", "1", "b", "2"));
    assertThat(ours.difference("a=1\nb=2\n")).isNull();
    assertThat(ours.difference("a=1\nb=3\n")).isEqualTo("b: 2 / 3");
    assertThat(ours.difference("a=1\n")).isEqualTo("b: 2 / absent");
    assertThat(ours.difference("a=1\nb=2\nc=4\n")).isEqualTo("c: absent / 4");
  }

  @Test
  void generationsHaveTheirTwoHalvesAsText() {
    assertThat(new Generation(1, -1)).hasToString("0000000000000001ffffffffffffffff");
    assertThat(new Generation(1, 2)).isEqualTo(new Generation(1, 2));
    assertThat(new Generation(1, 2)).isNotEqualTo(new Generation(2, 1));
  }

  @Test
  void codeKeysDifferInEveryPart() {
    Fingerprint fingerprint = Fingerprint.compute(Map.of("a", "1"));
    Source source = Source.of("a.js", "text");
    CodeKey key = new CodeKey("", source, Shape.SCRIPT, fingerprint);
    assertThat(key)
        .isEqualTo(new CodeKey("", Source.of("a.js", "text"), Shape.SCRIPT, fingerprint));
    assertThat(key).isNotEqualTo(new CodeKey("n", source, Shape.SCRIPT, fingerprint));
    assertThat(key).isNotEqualTo(new CodeKey("", source, Shape.SCRIPT.named("n"), fingerprint));
    assertThat(key)
        .isNotEqualTo(new CodeKey("", Source.of("a.js", "other"), Shape.SCRIPT, fingerprint));
    assertThat(key)
        .isNotEqualTo(new CodeKey("", source, Shape.SCRIPT, Fingerprint.compute(Map.of("a", "2"))));
  }

  /** The reasons are part of statistics that outlive a version: new ones come last. */
  @Test
  void reasonsKeepTheirPlaces() {
    assertThat(Rejection.values())
        .startsWith(
            Rejection.TRUNCATED,
            Rejection.MAGIC,
            Rejection.FORMAT,
            Rejection.KEY,
            Rejection.SEAL,
            Rejection.FINGERPRINT,
            Rejection.SOURCE,
            Rejection.RESOURCE,
            Rejection.GENERATION,
            Rejection.LENGTH,
            Rejection.DEPENDENCY,
            Rejection.ENGINE,
            Rejection.EXECUTION);
  }
}
