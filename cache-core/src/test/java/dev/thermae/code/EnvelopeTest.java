package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.GoldenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The envelope: golden bytes of format 1, every kind of damage, and every wrong claim. */
class EnvelopeTest {
  private static final Fingerprint FINGERPRINT = fingerprint(1);
  private static final byte[] SOURCE = bytes(32, 2);
  private static final Shape SHAPE = Shape.of(Shape.Kind.SCRIPT, "a.js", 1, false);
  private static final byte[] RESOURCE = bytes(32, 3);
  private static final Generation GENERATION = new Generation(0x0102030405060708L, -2);
  private static final Claim CLAIM = new Claim(FINGERPRINT, SOURCE, SHAPE, RESOURCE, GENERATION);
  private static final byte[] PAYLOAD = bytes(1_850, 4);

  /** Everything an envelope claims. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity
  private record Claim(
      Fingerprint fingerprint, byte[] source, Shape shape, byte[] resource, Generation generation) {
    private CodeKey key() {
      Source known = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, source);
      return new CodeKey("", known, shape, fingerprint);
    }

    byte[] seal(Seal seal, byte[] payload) {
      return key().seal(seal, resource, generation, payload);
    }

    SealedFile open(byte[] bytes, Seal seal) {
      return key().open(bytes, seal, resource, generation);
    }
  }

  private static Fingerprint fingerprint(int seed) {
    return Fingerprint.recorded(bytes(32, seed), "engine=test\n");
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Rejection reason(byte[] bytes, Seal seal, Claim claim) {
    return claim.open(bytes, seal).rejection();
  }

  @ParameterizedTest
  @MethodSource("dev.thermae.code.SealCases#seals")
  void payloadComesBack(Seal seal) {
    byte[] sealed = CLAIM.seal(seal, PAYLOAD);
    SealedFile opened = CLAIM.open(sealed, seal);
    assertThat(opened.rejection()).isNull();
    assertThat(opened.detail()).isEmpty();
    assertThat(opened.section(CodeKey.PAYLOAD)).isEqualTo(PAYLOAD);
    assertThat(CLAIM.open(CLAIM.seal(seal, new byte[0]), seal).length(CodeKey.PAYLOAD)).isZero();
  }

  /** Stored files outlive versions: these bytes were written by format 1 and stay readable. */
  @Test
  void goldenBytes() throws IOException {
    byte[] golden = GoldenFile.read("dev/thermae/code/envelope-1-checksum.hex");
    byte[] payload = "payload \u00fc".getBytes(StandardCharsets.UTF_8);
    assertThat(CLAIM.open(golden, Seal.checksum()).section(CodeKey.PAYLOAD)).isEqualTo(payload);
    assertThat(CLAIM.seal(Seal.checksum(), payload)).isEqualTo(golden);
    byte[] signed = GoldenFile.read("dev/thermae/code/envelope-1-signed.hex");
    assertThat(CLAIM.open(signed, SealCases.signed()).section(CodeKey.PAYLOAD)).isEqualTo(payload);
    assertThat(CLAIM.seal(SealCases.signed(), payload)).isEqualTo(signed);
  }

  @ParameterizedTest
  @MethodSource("dev.thermae.code.SealCases#seals")
  void everyFlippedBitIsRefused(Seal seal) {
    byte[] sealed = CLAIM.seal(seal, PAYLOAD);
    assertThat(sealed.length).isBetween(1_990, 2_060);
    Set<Rejection> reasons = EnumSet.noneOf(Rejection.class);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      sealed[bit / 8] ^= (byte) (1 << bit % 8);
      Rejection reason = reason(sealed, seal, CLAIM);
      assertThat(reason).as("bit %d", bit).isNotNull();
      reasons.add(reason);
      sealed[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(reasons)
        .containsExactlyInAnyOrder(
            Rejection.MAGIC, Rejection.FORMAT, Rejection.KEY, Rejection.SEAL);
    assertThat(reason(sealed, seal, CLAIM)).isNull();
  }

  @ParameterizedTest
  @MethodSource("dev.thermae.code.SealCases#seals")
  void everyTruncationIsRefused(Seal seal) {
    byte[] sealed = CLAIM.seal(seal, PAYLOAD);
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThat(reason(cut, seal, CLAIM))
          .as("%d bytes", length)
          .isIn(Rejection.TRUNCATED, Rejection.SEAL);
    }
    assertThat(reason(Arrays.copyOf(sealed, sealed.length + 1), seal, CLAIM))
        .isEqualTo(Rejection.SEAL);
    assertThat(reason(new byte[0], seal, CLAIM)).isEqualTo(Rejection.TRUNCATED);
    assertThat(reason(new byte[4096], seal, CLAIM)).isEqualTo(Rejection.MAGIC);
  }

  @ParameterizedTest
  @MethodSource("dev.thermae.code.SealCases#seals")
  void everyWrongClaimHasItsReason(Seal seal) {
    byte[] sealed = CLAIM.seal(seal, PAYLOAD);
    Generation other = new Generation(GENERATION.high(), 1);
    Generation another = new Generation(1, GENERATION.low());
    Map<Claim, Rejection> expected =
        Map.of(
            new Claim(fingerprint(9), SOURCE, SHAPE, RESOURCE, GENERATION),
            Rejection.FINGERPRINT,
            new Claim(FINGERPRINT, bytes(32, 9), SHAPE, RESOURCE, GENERATION),
            Rejection.SOURCE,
            new Claim(FINGERPRINT, SOURCE, SHAPE.startingAt(2), RESOURCE, GENERATION),
            Rejection.SOURCE,
            new Claim(FINGERPRINT, SOURCE, SHAPE.named("b.js"), RESOURCE, GENERATION),
            Rejection.SOURCE,
            new Claim(FINGERPRINT, SOURCE, SHAPE, bytes(32, 9), GENERATION),
            Rejection.RESOURCE,
            new Claim(FINGERPRINT, SOURCE, SHAPE, RESOURCE, other),
            Rejection.GENERATION,
            new Claim(FINGERPRINT, SOURCE, SHAPE, RESOURCE, another),
            Rejection.GENERATION);
    expected.forEach(
        (claim, reason) -> {
          SealedFile opened = claim.open(sealed, seal);
          assertThat(opened.rejection()).isEqualTo(reason);
          assertThat(opened.detail()).isNotEmpty();
          assertThat(opened.bytes()).isEmpty();
        });
  }

  /** Of several things that are wrong, the first one in the order of the reasons is told. */
  @Test
  void reasonsComeInTheirOrder() {
    Seal seal = Seal.checksum();
    byte[] wrong =
        new Claim(fingerprint(9), bytes(32, 9), SHAPE, bytes(32, 9), new Generation(9, 9))
            .seal(seal, PAYLOAD);
    assertThat(reason(wrong, seal, CLAIM)).isEqualTo(Rejection.FINGERPRINT);
    wrong[wrong.length - 1] ^= 1;
    assertThat(reason(wrong, seal, CLAIM)).isEqualTo(Rejection.SEAL);
    wrong[8] = 1;
    assertThat(reason(wrong, seal, CLAIM)).isEqualTo(Rejection.KEY);
    wrong[4] = 9;
    assertThat(reason(wrong, seal, CLAIM)).isEqualTo(Rejection.FORMAT);
    wrong[0] = 0;
    assertThat(reason(wrong, seal, CLAIM)).isEqualTo(Rejection.MAGIC);
    assertThat(reason(Arrays.copyOf(wrong, 20), seal, CLAIM)).isEqualTo(Rejection.TRUNCATED);
    byte[] source = claim(FINGERPRINT, 9, 9, 9);
    assertThat(reason(source, seal, CLAIM)).isEqualTo(Rejection.SOURCE);
    assertThat(reason(claim(FINGERPRINT, 2, 9, 9), seal, CLAIM)).isEqualTo(Rejection.RESOURCE);
    assertThat(reason(claim(FINGERPRINT, 2, 3, 9), seal, CLAIM)).isEqualTo(Rejection.GENERATION);
  }

  private static byte[] claim(Fingerprint fingerprint, int source, int resource, long generation) {
    return new Claim(
            fingerprint,
            bytes(32, source),
            SHAPE,
            bytes(32, resource),
            new Generation(generation, generation))
        .seal(Seal.checksum(), PAYLOAD);
  }

  @Test
  void manifestsOfLaterVersionsAreRefused() {
    byte[] claim = CLAIM.open(CLAIM.seal(Seal.checksum(), PAYLOAD), Seal.checksum()).section(0);
    byte[] shape = SHAPE.text().getBytes(StandardCharsets.UTF_8);
    byte[] sealed =
        SealedFile.seal(
            0x434D4854, 1, Seal.checksum(), claim, shape, new byte[] {1}, new byte[] {2});
    assertThat(reason(sealed, Seal.checksum(), CLAIM)).isEqualTo(Rejection.DEPENDENCY);
    byte[] shortClaim =
        SealedFile.seal(
            0x434D4854, 1, Seal.checksum(), new byte[5], shape, new byte[0], new byte[] {2});
    assertThat(reason(shortClaim, Seal.checksum(), CLAIM)).isEqualTo(Rejection.LENGTH);
  }

  @Test
  void sealsOfAnotherKindAreRefused() {
    byte[] checked = CLAIM.seal(Seal.checksum(), PAYLOAD);
    byte[] signed = CLAIM.seal(SealCases.signed(), PAYLOAD);
    assertThat(reason(checked, SealCases.signed(), CLAIM)).isEqualTo(Rejection.FORMAT);
    assertThat(reason(signed, Seal.checksum(), CLAIM)).isEqualTo(Rejection.FORMAT);
  }
}
