package dev.thermae.code;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What decides a unit: namespace, source with its name, shape and fingerprint. In memory it is what
 * the unit is found by; on its way out it is what the unit's envelope claims. Immutable.
 *
 * <p>Sources are compared by their bytes; {@link Source#hash()} stands for them only where code
 * leaves the process.
 *
 * <p>An envelope, format 1, is a {@link SealedFile} with the magic {@code THMC} and the sections
 *
 * <pre>
 * 0 claim    = fingerprint source resource generation [coding length]
 *   fingerprint = 32OCTET
 *   source      = 32OCTET  ; SHA-256 over charset and bytes
 *   resource    = 32OCTET  ; SHA-256 of the resource's key
 *   generation  = 2u64     ; of the body it was compiled from
 *   coding      = u64      ; how the payload is packed: 1 deflate, 2 zstd; absent where it is not
 *   length      = u64      ; of the payload once unpacked
 * 1 shape    = UTF-8 text
 * 2 manifest = *OCTET      ; what the unit was compiled against; empty in this version
 * 3 payload  = *OCTET
 * </pre>
 */
public final class CodeKey {
  /** The section of an envelope that holds the engine's payload. */
  public static final int PAYLOAD = 3;

  static final int MAGIC = 0x434D4854;
  static final int FORMAT = 1;
  static final int SECTIONS = 4;
  static final int CLAIM = 112;

  private final String namespace;
  private final Source source;
  private final Shape shape;
  private final Fingerprint fingerprint;
  private final int hash;

  /** A key in {@code namespace}, the default one being empty. */
  public CodeKey(String namespace, Source source, Shape shape, Fingerprint fingerprint) {
    this.namespace = namespace;
    this.source = source;
    this.shape = shape;
    this.fingerprint = fingerprint;
    this.hash = source.hashCode() ^ 31 * fingerprint.hashCode() ^ 17 * shape.hashCode();
  }

  /** The source. */
  public Source source() {
    return source;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** The fingerprint of the engine. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** The same key for an engine that bakes the source's name into its code. */
  public CodeKey named() {
    return new CodeKey(namespace, source, shape.named(source.name()), fingerprint);
  }

  /**
   * Puts {@code payload} into an envelope that claims this key.
   *
   * @param resource SHA-256 of the key of the resource it is attached to, 32 bytes
   * @param generation of the body it was compiled from
   */
  public byte[] seal(Seal seal, byte[] resource, Generation generation, byte[] payload) {
    byte[] claim = new byte[CLAIM];
    System.arraycopy(fingerprint.bytes(), 0, claim, 0, 32);
    System.arraycopy(source.hash(), 0, claim, 32, 32);
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
  public SealedFile open(byte[] bytes, Seal seal, byte[] resource, Generation generation) {
    SealedFile file = SealedFile.open(bytes, MAGIC, FORMAT, SECTIONS, seal);
    if (file.rejection() != null) {
      return file;
    }
    if (file.length(0) != CLAIM && file.length(0) != CLAIM + 16) {
      return SealedFile.rejected(Rejection.LENGTH, "a claim of " + file.length(0) + " bytes");
    }
    if (!file.holds(0, 0, fingerprint.bytes())) {
      return SealedFile.rejected(Rejection.FINGERPRINT, "made under another fingerprint");
    }
    if (!file.holds(0, 32, source.hash())) {
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
    return file.length(0) == CLAIM ? file : PackedCode.unpack(file);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof CodeKey)) {
      return false;
    }
    CodeKey that = (CodeKey) other;
    return hash == that.hash
        && source.equals(that.source)
        && fingerprint.equals(that.fingerprint)
        && shape.equals(that.shape)
        && namespace.equals(that.namespace);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return source + " / " + shape + " / " + fingerprint;
  }
}
