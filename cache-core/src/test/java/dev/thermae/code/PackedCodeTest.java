package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.GoldenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Envelopes whose payload is packed: what is read back, and what is refused before it grows. */
class PackedCodeTest {
  private static final byte[] RESOURCE = new byte[32];
  private static final Generation GENERATION = new Generation(5, 6);
  private static final byte[] PAYLOAD =
      "function of a few words; ".repeat(400).getBytes(StandardCharsets.UTF_8);

  private static CodeKey key() {
    Source source = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, new byte[32]);
    Fingerprint fingerprint = Fingerprint.recorded(new byte[32], "engine=test\n");
    return new CodeKey("", source, Shape.SCRIPT, fingerprint);
  }

  private static byte[] envelope(Seal seal, byte[] payload) {
    return key().seal(seal, RESOURCE, GENERATION, payload);
  }

  private static SealedFile open(byte[] bytes, Seal seal) {
    return key().open(bytes, seal, RESOURCE, GENERATION);
  }

  private static CodeClaim claim(byte[] bytes) {
    return CodeClaim.read(bytes, Seal.checksum(), null, RESOURCE, GENERATION);
  }

  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void comesBackAsItWas(Coding coding) {
    for (Seal seal : SealCases.seals().toList()) {
      byte[] plain = envelope(seal, PAYLOAD);
      byte[] packed = PackedCode.pack(plain, seal, coding);
      assertThat(packed.length).isLessThan(plain.length / 4);
      assertThat(PackedCode.pack(packed, seal, coding)).as("packed once").isSameAs(packed);
      SealedFile file = open(packed, seal);
      assertThat(file.rejection()).isNull();
      byte[] given = file.bytes();
      int start = file.start(CodeKey.PAYLOAD);
      assertThat(Arrays.copyOfRange(given, start, start + file.length(CodeKey.PAYLOAD)))
          .isEqualTo(PAYLOAD);
      for (int bit = 0; bit < packed.length * 8; bit++) {
        packed[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(open(packed, seal).rejection()).as("bit %d", bit).isNotNull();
        packed[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
    CodeClaim claim =
        claim(PackedCode.pack(envelope(Seal.checksum(), PAYLOAD), Seal.checksum(), coding));
    assertThat(claim.rejection()).isNull();
    assertThat(claim.payload()).isEqualTo(PAYLOAD.length);
  }

  @ParameterizedTest
  @EnumSource
  void staysPlainWhereThatSavesNothing(Coding coding) {
    byte[] noise = new byte[5_000];
    new Random(1).nextBytes(noise);
    for (byte[] payload : new byte[][] {noise, {}, {1}, new byte[8 << 20]}) {
      byte[] plain = envelope(Seal.checksum(), payload);
      byte[] kept = PackedCode.pack(plain, Seal.checksum(), coding);
      SealedFile file = open(kept, Seal.checksum());
      assertThat(file.rejection()).isNull();
      assertThat(file.section(CodeKey.PAYLOAD)).isEqualTo(payload);
      assertThat((long) payload.length)
          .as("no packed byte stands for more")
          .isLessThanOrEqualTo((long) Coding.MAXIMUM_RATIO * kept.length);
      if (payload.length < 10_000) {
        assertThat(kept).isSameAs(plain);
      }
    }
  }

  /** What version 1 has written must be read for ever; writing is up to the library's version. */
  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void goldenBytesAreRead(Coding coding) throws IOException {
    String name = coding.name().toLowerCase(Locale.ROOT);
    byte[] golden = GoldenFile.read("dev/thermae/code/envelope-1-" + name + ".hex");
    SealedFile file = open(golden, Seal.checksum());
    assertThat(file.rejection()).isNull();
    assertThat(file.section(CodeKey.PAYLOAD)).isEqualTo(PAYLOAD);
    assertThat(PackedCode.pack(envelope(Seal.checksum(), PAYLOAD), Seal.checksum(), coding))
        .hasSizeBetween(golden.length - 40, golden.length + 40);
  }

  /** Sealed by us and still nonsense, as a broken build would write it. */
  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void lengthsThatAreNotTrueAreRefused(Coding coding) {
    byte[] packed = coding.pack(PAYLOAD, 0, PAYLOAD.length);
    long number = coding.number();
    assertThat(reason(number, PAYLOAD.length, packed)).isNull();
    long[] lies = {
      0,
      1,
      -1,
      PAYLOAD.length - 1,
      PAYLOAD.length + 1,
      1L << 30,
      1L << 40,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      (1L << 32) + PAYLOAD.length
    };
    for (long lie : lies) {
      assertThat(reason(number, lie, packed)).as("%d", lie).isEqualTo(Rejection.LENGTH);
    }
    byte[] more = Arrays.copyOf(packed, packed.length + 1);
    byte[] less = Arrays.copyOf(packed, packed.length - 1);
    assertThat(reason(number, PAYLOAD.length, more)).isEqualTo(Rejection.LENGTH);
    assertThat(reason(number, PAYLOAD.length, less)).isEqualTo(Rejection.LENGTH);
    assertThat(reason(number, PAYLOAD.length, new byte[0])).isEqualTo(Rejection.LENGTH);
    assertThat(reason(0, PAYLOAD.length, packed)).isEqualTo(Rejection.FORMAT);
    assertThat(reason(3, PAYLOAD.length, packed)).isEqualTo(Rejection.FORMAT);
    assertThat(reason(number + (1L << 32), PAYLOAD.length, packed)).isEqualTo(Rejection.FORMAT);
  }

  /** A gigabyte of zeros in a megabyte is not given a gigabyte of memory. */
  @ParameterizedTest
  @EnumSource(names = {"DEFLATE", "ZSTD"})
  void bombsAreRefusedBeforeTheyGrow(Coding coding) {
    byte[] zeros = new byte[64 << 20];
    byte[] bomb =
        coding == Coding.DEFLATE
            ? DeflateCodec.pack(zeros, 0, zeros.length)
            : ZstdCodec.pack(zeros, 0, zeros.length);
    assertThat(coding.pack(zeros, 0, zeros.length)).isNull();
    assertThat(reason(coding.number(), zeros.length, bomb)).isEqualTo(Rejection.LENGTH);
    assertThat(reason(coding.number(), 1_000, bomb)).isEqualTo(Rejection.LENGTH);
    assertThat(coding.unpack(bomb, 0, bomb.length, zeros.length, 1_000)).isNull();
  }

  private static Rejection reason(long coding, long length, byte[] packed) {
    byte[] plain = envelope(Seal.checksum(), new byte[0]);
    SealedFile file = open(plain, Seal.checksum());
    byte[] claim = Arrays.copyOf(file.section(0), PackedCode.CLAIM);
    SealedFile.write64(claim, CodeKey.CLAIM, coding);
    SealedFile.write64(claim, CodeKey.CLAIM + 8, length);
    byte[] sealed =
        SealedFile.seal(
            CodeKey.MAGIC,
            CodeKey.FORMAT,
            Seal.checksum(),
            claim,
            file.section(1),
            new byte[0],
            packed);
    Rejection reason = open(sealed, Seal.checksum()).rejection();
    assertThat(claim(sealed).rejection()).isEqualTo(reason);
    return reason;
  }

  @Test
  void codingsKeepTheirNumbers() {
    for (Coding coding : Coding.values()) {
      assertThat(coding.isAvailable()).isTrue();
      assertThat(Coding.of(coding.number())).isEqualTo(coding == Coding.NONE ? null : coding);
    }
    assertThat(Coding.DEFLATE.number()).isEqualTo(1);
    assertThat(Coding.ZSTD.number()).isEqualTo(2);
  }
}
