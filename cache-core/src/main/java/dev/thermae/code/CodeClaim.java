package dev.thermae.code;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an envelope says of itself, for whoever looks at a slot without knowing whose it is: {@link
 * CodeKey#open} is for whoever does. Immutable.
 *
 * @param fingerprint of the engine, without its parts; {@link Fingerprint#NONE} when the file was
 *     refused before it could be read
 * @param shape the canonical text of a {@link Shape}, or empty
 * @param payload bytes that are the engine's, once unpacked
 * @param rejection why nobody would use it; null when an engine of this fingerprint may
 * @param detail the rejection in words, or empty
 */
public record CodeClaim(
    Fingerprint fingerprint,
    String shape,
    int payload,
    @Nullable Rejection rejection,
    String detail) {

  /** How many bytes from the beginning {@link #fingerprintIn} needs. */
  public static final int BEGINNING = 12 + 4 * CodeKey.SECTIONS + Fingerprint.LENGTH;

  /**
   * The fingerprint that the first bytes of an envelope name, which nothing proves: enough to throw
   * it away, and for nothing else. Null when they are not an envelope's.
   */
  public static @Nullable Fingerprint fingerprintIn(byte[] beginning) {
    boolean ours =
        beginning.length >= BEGINNING
            && SealedFile.isLike(beginning, CodeKey.MAGIC, CodeKey.FORMAT, CodeKey.SECTIONS);
    return ours
        ? Fingerprint.recorded(
            Arrays.copyOfRange(beginning, BEGINNING - Fingerprint.LENGTH, BEGINNING), "")
        : null;
  }

  /**
   * Checks all that does not depend on the engine, in the order of {@link Rejection}.
   *
   * @param source hash of the source; null where it is not known, and not compared
   * @param resource SHA-256 of the key of the resource it lies with
   * @param generation of the body it lies with
   */
  public static CodeClaim read(
      byte[] bytes, Seal seal, byte @Nullable [] source, byte[] resource, Generation generation) {
    SealedFile file = SealedFile.open(bytes, CodeKey.MAGIC, CodeKey.FORMAT, CodeKey.SECTIONS, seal);
    Rejection rejection = file.rejection();
    if (rejection != null) {
      return new CodeClaim(Fingerprint.NONE, "", 0, rejection, file.detail());
    }
    if (file.length(0) != CodeKey.CLAIM && file.length(0) != PackedCode.CLAIM) {
      String detail = "a claim of " + file.length(0) + " bytes";
      return new CodeClaim(Fingerprint.NONE, "", 0, Rejection.LENGTH, detail);
    }
    String detail = "";
    if (source != null && !file.holds(0, 32, source)) {
      rejection = Rejection.SOURCE;
      detail = "compiled from another source";
    } else if (!file.holds(0, 64, resource)) {
      rejection = Rejection.RESOURCE;
      detail = "attached to another resource";
    } else if (file.int64(0, 96) != generation.high() || file.int64(0, 104) != generation.low()) {
      rejection = Rejection.GENERATION;
      detail = "attached to another generation";
    } else if (file.length(2) != 0) {
      rejection = Rejection.DEPENDENCY;
      detail = "a manifest this version cannot check";
    } else if (file.length(0) == PackedCode.CLAIM) {
      SealedFile unpacked = PackedCode.unpack(file);
      rejection = unpacked.rejection();
      detail = unpacked.detail();
    }
    byte[] claimed = Arrays.copyOf(file.section(0), Fingerprint.LENGTH);
    return new CodeClaim(
        Fingerprint.recorded(claimed, ""),
        file.text(1),
        (int) PackedCode.length(file),
        rejection,
        detail);
  }
}
