package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.testing.GoldenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures that cross machines: known values, every form of a key, rotation, who may not sign.
 */
class Ed25519SealTest {
  /** RFC 8032 section 7.1, test 2. */
  private static final byte[] SECRET =
      hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

  private static final byte[] OPEN =
      hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");

  private static final byte[] SIGNATURE =
      hex(
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");

  private static final byte[] MESSAGE = {0x72};
  private static final Ed25519PublicKeys KEYS = Ed25519PublicKeys.of(7, OPEN);
  private static final Seal SIGNING = Seal.signing(Ed25519SigningKey.of(7, SECRET), KEYS);
  private static final Seal VERIFYING = Seal.verifying(KEYS);
  private static final byte[] PAYLOAD = "payload \u00fc".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static CodeKey key() {
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) 2);
    Source source = Source.verified("a.js", new byte[0], StandardCharsets.UTF_8, hash);
    byte[] fingerprint = new byte[32];
    Arrays.fill(fingerprint, (byte) 1);
    return new CodeKey("", source, Shape.SCRIPT, Fingerprint.recorded(fingerprint, "a=b\n"));
  }

  private static byte[] tag(Seal seal, byte[] message) {
    byte[] tag = new byte[64];
    seal.tag(message, 0, message.length, tag, 0);
    return tag;
  }

  private static Rejection check(Seal seal, int id, byte[] tag) {
    return seal.check(id, MESSAGE, 0, 1, tag, 0);
  }

  @Test
  void signsAndVerifiesAsTheStandardHasIt() {
    assertThat(tag(SIGNING, MESSAGE)).isEqualTo(SIGNATURE);
    assertThat(check(SIGNING, 7, SIGNATURE)).isNull();
    assertThat(check(VERIFYING, 7, SIGNATURE)).isNull();
    assertThat(check(VERIFYING, 8, SIGNATURE)).isEqualTo(Rejection.KEY);
    assertThat(check(VERIFYING, 0, SIGNATURE)).isEqualTo(Rejection.KEY);
    assertThat(check(VERIFYING, 7, new byte[64])).isEqualTo(Rejection.SEAL);
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) -1);
    assertThat(check(VERIFYING, 7, ones)).isEqualTo(Rejection.SEAL);
    assertThat(SIGNING.kind()).isEqualTo(Seal.ED25519);
    assertThat(SIGNING.keyId()).isEqualTo(7);
    assertThat(SIGNING.length()).isEqualTo(64);
    assertThat(SIGNING.scope()).isEmpty();
  }

  @Test
  void aDigestIsAsLongAsASignature() {
    byte[] digest = new byte[64];
    VERIFYING.digest(MESSAGE, 0, 1, digest, 0);
    assertThat(digest).isNotEqualTo(new byte[64]);
  }

  @Test
  void whoOnlyVerifiesSealsNothing() {
    assertThat(VERIFYING.canSeal()).isFalse();
    assertThat(SIGNING.canSeal()).isTrue();
    assertThat(Seal.checksum().canSeal()).isTrue();
    assertThatThrownBy(() -> tag(VERIFYING, MESSAGE))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(WireCode.seal(key(), VERIFYING, PAYLOAD)).isNull();
  }

  /** Signatures are deterministic, so the bytes of an envelope are. */
  @Test
  void goldenBytes() throws IOException {
    byte[] golden = GoldenFile.read("dev/thermae/code/envelope-1-ed25519.hex");
    assertThat(HexFormat.of().formatHex(WireCode.seal(key(), SIGNING, PAYLOAD)))
        .isEqualTo(HexFormat.of().formatHex(golden));
    SealedFile opened = WireCode.open(golden, key(), VERIFYING);
    assertThat(opened.rejection()).isNull();
    assertThat(opened.section(CodeKey.PAYLOAD)).isEqualTo(PAYLOAD);
  }

  @Test
  void everyFlippedBitAndEveryTruncationIsRefused() {
    byte[] sealed = WireCode.seal(key(), SIGNING, PAYLOAD);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      sealed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(WireCode.open(sealed, key(), VERIFYING).rejection()).as("bit %d", bit).isNotNull();
      sealed[bit / 8] ^= (byte) (1 << bit % 8);
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThat(WireCode.open(cut, key(), VERIFYING).rejection())
          .as("%d bytes", length)
          .isNotNull();
    }
    assertThat(WireCode.open(sealed, key(), VERIFYING).rejection()).isNull();
  }

  /**
   * What is sealed for a place in a store is not what crosses machines, and the other way round.
   */
  @Test
  void aPlaceIsCheckedWhereThereIsOne() {
    byte[] resource = new byte[32];
    resource[0] = 1;
    Generation generation = new Generation(1, 2);
    byte[] local = key().seal(SIGNING, resource, generation, PAYLOAD);
    assertThat(WireCode.open(local, key(), VERIFYING).rejection()).isEqualTo(Rejection.RESOURCE);
    byte[] wire = WireCode.seal(key(), SIGNING, PAYLOAD);
    assertThat(key().open(wire, VERIFYING, resource, generation).rejection())
        .isEqualTo(Rejection.RESOURCE);
    byte[] other = key().seal(SIGNING, new byte[32], generation, PAYLOAD);
    assertThat(WireCode.open(other, key(), VERIFYING).rejection()).isEqualTo(Rejection.GENERATION);
    assertThat(WireCode.open(wire, key().named(), VERIFYING).rejection())
        .isEqualTo(Rejection.SOURCE);
    byte[] checked = key().seal(Seal.checksum(), new byte[32], Generation.NONE, PAYLOAD);
    assertThat(WireCode.open(checked, key(), VERIFYING).rejection()).isNotNull();
  }

  @Test
  void rotationAcceptsOldSignaturesForAsLongAsTheirKeyIsKnown() throws Exception {
    KeyPair next = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Ed25519PublicKeys both = KEYS.accepting(8, next.getPublic().getEncoded());
    assertThat(both.ids()).containsExactlyInAnyOrder(7, 8);
    Seal signing = Seal.signing(Ed25519SigningKey.of(8, next.getPrivate().getEncoded()), both);
    byte[] old = WireCode.seal(key(), SIGNING, PAYLOAD);
    byte[] fresh = WireCode.seal(key(), signing, PAYLOAD);
    Seal reader = Seal.verifying(both);
    assertThat(WireCode.open(old, key(), reader).rejection()).isNull();
    assertThat(WireCode.open(fresh, key(), reader).rejection()).isNull();
    assertThat(WireCode.open(fresh, key(), VERIFYING).rejection()).isEqualTo(Rejection.KEY);
    Seal swapped = Seal.verifying(Ed25519PublicKeys.of(7, next.getPublic().getEncoded()));
    assertThat(WireCode.open(old, key(), swapped).rejection()).isEqualTo(Rejection.SEAL);
    Seal nobody = Seal.verifying(Ed25519PublicKeys.none());
    assertThat(WireCode.open(old, key(), nobody).rejection()).isEqualTo(Rejection.KEY);
  }

  private static byte[] pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    String pem = "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    return pem.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(String prefix, byte[] raw) {
    return hex(prefix + HexFormat.of().formatHex(raw));
  }

  @Test
  void keysAreReadInEveryForm() throws IOException {
    byte[] secret = der("302e020100300506032b657004220420", SECRET);
    byte[] open = der("302a300506032b6570032100", OPEN);
    for (byte[] form : new byte[][] {SECRET, secret, pem("PRIVATE KEY", secret)}) {
      Path file = folder.resolve("key");
      Files.write(file, form);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      Seal seal = Seal.signing(Ed25519SigningKey.read(7, file), KEYS);
      assertThat(tag(seal, MESSAGE)).isEqualTo(SIGNATURE);
    }
    for (byte[] form : new byte[][] {OPEN, open, pem("PUBLIC KEY", open)}) {
      Path file = Files.write(folder.resolve("key.pub"), form);
      assertThat(check(Seal.verifying(Ed25519PublicKeys.read(7, file)), 7, SIGNATURE)).isNull();
    }
  }

  @Test
  void whatIsNoKeyIsRefusedInWords() throws Exception {
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    byte[] other = rsa.getPrivate().getEncoded();
    for (byte[] form :
        new byte[][] {
          new byte[0], new byte[31], other, pem("PRIVATE KEY", other), pem("PUBLIC KEY", OPEN)
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> Ed25519SigningKey.of(7, form));
      assertThatIllegalArgumentException().isThrownBy(() -> Ed25519PublicKeys.of(7, form));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ed25519SigningKey.of(0, SECRET))
        .withMessageContaining("0");
    assertThatIllegalArgumentException().isThrownBy(() -> Ed25519PublicKeys.of(0, OPEN));
    assertThat(Ed25519SigningKey.of(7, SECRET)).hasToString("Ed25519 signing key 7");
    assertThat(KEYS).hasToString("Ed25519 public keys [7]");
    Path text = Files.writeString(folder.resolve("text"), "no key");
    assertThatIOException()
        .isThrownBy(() -> Ed25519PublicKeys.read(7, text))
        .withMessageContaining("text");
  }

  @Test
  void aSecretThatOthersMayReadIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("key"), SECRET);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatIOException()
        .isThrownBy(() -> Ed25519SigningKey.read(7, file))
        .withMessageContaining("0600");
  }
}
