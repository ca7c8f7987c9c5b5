package dev.thermae.code;

import java.nio.charset.StandardCharsets;

/**
 * Sealed code: what it claims to belong to, what it was compiled against, and the engine's payload.
 * An instance is the claim; it makes envelopes and opens them. Immutable.
 *
 * <p>Format 1, a {@link SealedFile} with the magic {@code THMC} and the sections
 *
 * <pre>
 * 0 claim    = fingerprint source resource generation
 *   fingerprint = 32OCTET
 *   source      = 32OCTET  ; SHA-256 over charset and bytes
 *   resource    = 32OCTET  ; SHA-256 of the resource's key
 *   generation  = 2u64     ; of the body it was compiled from
 * 1 shape    = UTF-8 text
 * 2 manifest = *OCTET      ; what the unit was compiled against; empty in this version
 * 3 payload  = *OCTET
 * </pre>
 */
public final class Envelope {
  /** The section that holds the engine's payload. */
  public static final int PAYLOAD = 3;

  private static final int MAGIC = 0x434D4854;
  private static final int FORMAT = 1;
  private static final int SECTIONS = 4;
  private static final int CLAIM = 112;

  private final Fingerprint fingerprint;
  private final SourceHash source;
  private final Shape shape;
  private final byte[] resource;
  private final Generation generation;

  /** A claim; {@code resource} is the SHA-256 of the resource's key, 32 bytes. */
  public Envelope(
      Fingerprint fingerprint,
      SourceHash source,
      Shape shape,
      byte[] resource,
      Generation generation) {
    this.fingerprint = fingerprint;
    this.source = source;
    this.shape = shape;
    this.resource = resource;
    this.generation = generation;
  }

  /** Puts {@code payload} into an envelope with this claim. */
  public byte[] seal(Seal seal, byte[] payload) {
    byte[] claim = new byte[CLAIM];
    System.arraycopy(fingerprint.bytes(), 0, claim, 0, 32);
    System.arraycopy(source.bytes(), 0, claim, 32, 32);
    System.arraycopy(resource, 0, claim, 64, 32);
    SealedFile.write64(claim, 96, generation.high());
    SealedFile.write64(claim, 104, generation.low());
    byte[] text = shape.text().getBytes(StandardCharsets.UTF_8);
    return SealedFile.seal(MAGIC, FORMAT, seal, claim, text, new byte[0], payload);
  }

  /**
   * Checks everything there is to check, in the order of {@link Rejection}; the payload is the
   * section {@link #PAYLOAD} of what is returned without a rejection.
   */
  public SealedFile open(byte[] bytes, Seal seal) {
    SealedFile file = SealedFile.open(bytes, MAGIC, FORMAT, SECTIONS, seal);
    if (file.rejection() != null) {
      return file;
    }
    if (file.length(0) != CLAIM) {
      return SealedFile.rejected(Rejection.LENGTH, "a claim of " + file.length(0) + " bytes");
    }
    if (!file.holds(0, 0, fingerprint.bytes())) {
      return SealedFile.rejected(Rejection.FINGERPRINT, "made under another fingerprint");
    }
    if (!file.holds(0, 32, source.bytes())) {
      return SealedFile.rejected(Rejection.SOURCE, "compiled from another source");
    }
    if (!file.text(1).equals(shape.text())) {
      return SealedFile.rejected(Rejection.SOURCE, "compiled in another shape: " + file.text(1));
    }
    if (!file.holds(0, 64, resource)) {
      return SealedFile.rejected(Rejection.RESOURCE, "attached to another resource");
    }
    if (file.int64(0, 96) != generation.high() || file.int64(0, 104) != generation.low()) {
      return SealedFile.rejected(Rejection.GENERATION, "attached to another generation");
    }
    if (file.length(2) != 0) {
      return SealedFile.rejected(Rejection.DEPENDENCY, "a manifest this version cannot check");
    }
    return file;
  }
}
