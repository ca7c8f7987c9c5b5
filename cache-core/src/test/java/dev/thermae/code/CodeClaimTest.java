package dev.thermae.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an envelope says of itself, told without the key it was sealed under. */
class CodeClaimTest {
  private static final Fingerprint FINGERPRINT = Fingerprint.compute(Map.of("engine", "text"));
  private static final Source SOURCE = Source.of("a.js", new byte[] {1}, StandardCharsets.UTF_8);
  private static final byte[] RESOURCE = Fingerprint.digest("resource");
  private static final Generation GENERATION = new Generation(1, 2);
  private static final byte[] SEALED =
      new CodeKey("", SOURCE, Shape.SCRIPT, FINGERPRINT)
          .seal(Seal.checksum(), RESOURCE, GENERATION, new byte[9]);

  private static CodeClaim read(
      byte[] bytes, byte[] source, byte[] resource, Generation generation) {
    return CodeClaim.read(bytes, Seal.checksum(), source, resource, generation);
  }

  private static Rejection reason(byte[] source, byte[] resource, Generation generation) {
    CodeClaim claim = read(SEALED, source, resource, generation);
    assertThat(claim.fingerprint()).as("readable all the same").isEqualTo(FINGERPRINT);
    assertThat(claim.detail().isEmpty()).isEqualTo(claim.rejection() == null);
    return claim.rejection();
  }

  @Test
  void whatVerifies() {
    CodeClaim claim = read(SEALED, SOURCE.hash(), RESOURCE, GENERATION);
    assertThat(claim).isEqualTo(new CodeClaim(FINGERPRINT, Shape.SCRIPT.text(), 9, null, ""));
    assertThat(reason(null, RESOURCE, GENERATION)).isNull();
  }

  @Test
  void whatIsAnothers() {
    byte[] other = Fingerprint.digest("other");
    assertThat(reason(other, RESOURCE, GENERATION)).isEqualTo(Rejection.SOURCE);
    assertThat(reason(SOURCE.hash(), other, GENERATION)).isEqualTo(Rejection.RESOURCE);
    assertThat(reason(SOURCE.hash(), RESOURCE, new Generation(1, 3)))
        .isEqualTo(Rejection.GENERATION);
    assertThat(reason(SOURCE.hash(), RESOURCE, new Generation(0, 2)))
        .isEqualTo(Rejection.GENERATION);
  }

  @Test
  void damageAnywhereIsRefusedAndNothingIsTold() {
    for (int at = 0; at < SEALED.length; at++) {
      byte[] damaged = SEALED.clone();
      damaged[at] ^= 4;
      CodeClaim claim = read(damaged, SOURCE.hash(), RESOURCE, GENERATION);
      assertThat(claim.rejection()).as("byte %d", at).isNotNull();
      assertThat(claim.fingerprint()).isEqualTo(Fingerprint.NONE);
      byte[] cut = Arrays.copyOf(SEALED, at);
      assertThat(read(cut, SOURCE.hash(), RESOURCE, GENERATION).rejection()).isNotNull();
    }
  }

  @Test
  void sealedButOfAnotherForm() {
    byte[] nothing = new byte[0];
    byte[] shortClaim =
        SealedFile.seal(
            CodeKey.MAGIC, CodeKey.FORMAT, Seal.checksum(), new byte[5], nothing, nothing, nothing);
    assertThat(read(shortClaim, null, RESOURCE, GENERATION).rejection())
        .isEqualTo(Rejection.LENGTH);
    SealedFile file =
        SealedFile.open(SEALED, CodeKey.MAGIC, CodeKey.FORMAT, CodeKey.SECTIONS, Seal.checksum());
    byte[] withManifest =
        SealedFile.seal(
            CodeKey.MAGIC,
            CodeKey.FORMAT,
            Seal.checksum(),
            file.section(0),
            file.section(1),
            new byte[1],
            file.section(3));
    assertThat(read(withManifest, SOURCE.hash(), RESOURCE, GENERATION).rejection())
        .isEqualTo(Rejection.DEPENDENCY);
  }
}
