package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Checksums and signatures: values known from elsewhere, key ids, rotation, namespaces. */
class SealTest {
  private static final byte[] DATA = "123456789".getBytes(StandardCharsets.US_ASCII);

  private static byte[] tag(Seal seal) {
    byte[] tag = new byte[seal.length() + 2];
    seal.tag(DATA, 0, DATA.length, tag, 1);
    return Arrays.copyOfRange(tag, 1, tag.length - 1);
  }

  private static Rejection check(Seal seal, int keyId, byte[] tag) {
    return seal.check(keyId, DATA, 0, DATA.length, tag, 0);
  }

  private static Seal signed(int id, byte[] secret, String namespace) {
    return Seal.signed(SigningKeys.of(id, secret), namespace);
  }

  /** The check values of CRC-32 and CRC-32C, little-endian. */
  @Test
  void checksumIsBothCrcs() {
    assertThat(HexFormat.of().formatHex(tag(Seal.checksum()))).isEqualTo("2639f4cb839206e3");
    assertThat(Seal.checksum().kind()).isEqualTo(Seal.CHECKSUM);
    assertThat(Seal.checksum().keyId()).isZero();
    assertThat(check(Seal.checksum(), 0, tag(Seal.checksum()))).isNull();
    assertThat(check(Seal.checksum(), 1, tag(Seal.checksum()))).isEqualTo(Rejection.KEY);
    assertThat(check(Seal.checksum(), 0, new byte[8])).isEqualTo(Rejection.SEAL);
  }

  @Test
  void partsOfAnArrayAreEnough() {
    for (Seal seal : new Seal[] {Seal.checksum(), SealCases.signed()}) {
      byte[] data = "xx123456789yy".getBytes(StandardCharsets.US_ASCII);
      byte[] out = new byte[seal.length() + 3];
      seal.tag(data, 2, 9, out, 3);
      assertThat(Arrays.copyOfRange(out, 3, out.length)).isEqualTo(tag(seal));
      assertThat(seal.check(seal.keyId(), data, 2, 9, out, 3)).isNull();
      byte[] digest = new byte[seal.length()];
      byte[] whole = new byte[seal.length()];
      seal.digest(data, 2, 9, digest, 0);
      seal.digest(DATA, 0, 9, whole, 0);
      assertThat(digest).isEqualTo(whole);
    }
  }

  @Test
  void signatureDependsOnSecretAndNamespace() {
    Seal seal = signed(7, SealCases.SECRET, "a");
    assertThat(seal.kind()).isEqualTo(Seal.SIGNED);
    assertThat(seal.keyId()).isEqualTo(7);
    assertThat(check(seal, 7, tag(seal))).isNull();
    assertThat(tag(signed(7, SealCases.SECRET, "a"))).isEqualTo(tag(seal));
    assertThat(check(signed(7, SealCases.SECRET, "b"), 7, tag(seal))).isEqualTo(Rejection.SEAL);
    assertThat(check(signed(7, SealCases.OTHER, "a"), 7, tag(seal))).isEqualTo(Rejection.SEAL);
  }

  @Test
  void secretThatIsNotKnownIsAnotherReason() {
    byte[] tag = tag(signed(7, SealCases.SECRET, "a"));
    assertThat(check(signed(8, SealCases.SECRET, "a"), 7, tag)).isEqualTo(Rejection.KEY);
    assertThat(check(signed(7, SealCases.SECRET, "a"), 0, tag)).isEqualTo(Rejection.KEY);
  }

  @Test
  void rotationAcceptsOldSealsAndMakesNewOnes() {
    byte[] old = tag(signed(7, SealCases.SECRET, "a"));
    SigningKeys rotated = SigningKeys.of(8, SealCases.OTHER).accepting(7, SealCases.SECRET);
    Seal seal = Seal.signed(rotated, "a");
    assertThat(seal.keyId()).isEqualTo(8);
    assertThat(check(seal, 7, old)).isNull();
    assertThat(check(seal, 8, tag(seal))).isNull();
    assertThat(check(seal, 8, old)).isEqualTo(Rejection.SEAL);
    assertThat(check(signed(7, SealCases.SECRET, "a"), 8, tag(seal))).isEqualTo(Rejection.KEY);
  }

  @Test
  void weakKeysAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.of(0, SealCases.SECRET))
        .withMessageContaining("0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKeys.of(1, new byte[15]))
        .withMessageContaining("16");
  }

  @Test
  void secretsAreCopied() {
    byte[] secret = SealCases.SECRET.clone();
    Seal seal = signed(7, secret, "a");
    Arrays.fill(secret, (byte) 0);
    assertThat(tag(seal)).isEqualTo(tag(signed(7, SealCases.SECRET, "a")));
  }
}
