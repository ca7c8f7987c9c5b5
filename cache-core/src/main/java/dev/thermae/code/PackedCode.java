package dev.thermae.code;

import java.util.Arrays;

/**
 * Envelopes whose payload is packed; apart from {@link CodeKey}, which describes them, so that who
 * reads others does not load it. Stateless.
 */
public final class PackedCode {
  /** Length of a claim that ends with a coding and the payload's own length. */
  static final int CLAIM = CodeKey.CLAIM + 16;

  private PackedCode() {}

  /** The same envelope with its payload packed; itself where that does not pay. */
  public static byte[] pack(byte[] envelope, Seal seal, Coding coding) {
    SealedFile file =
        SealedFile.open(envelope, CodeKey.MAGIC, CodeKey.FORMAT, CodeKey.SECTIONS, seal);
    if (file.rejection() != null || file.length(0) != CodeKey.CLAIM) {
      return envelope;
    }
    int length = file.length(CodeKey.PAYLOAD);
    byte[] packed = coding.pack(envelope, file.start(CodeKey.PAYLOAD), length);
    if (packed == null) {
      return envelope;
    }
    byte[] claim = Arrays.copyOf(file.section(0), CLAIM);
    SealedFile.write64(claim, CodeKey.CLAIM, coding.number());
    SealedFile.write64(claim, CodeKey.CLAIM + 8, length);
    return SealedFile.seal(
        CodeKey.MAGIC, CodeKey.FORMAT, seal, claim, file.section(1), file.section(2), packed);
  }

  /** The payload of a verified envelope, alone in a file of as many sections. */
  static SealedFile unpack(SealedFile file) {
    Coding coding = Coding.of(file.int64(0, CodeKey.CLAIM));
    if (coding == null || !coding.isAvailable()) {
      String name = coding == null ? "an unknown coding" : coding.toString();
      return SealedFile.rejected(Rejection.FORMAT, "packed with " + name);
    }
    byte[] payload =
        coding.unpack(
            file.bytes(),
            file.start(CodeKey.PAYLOAD),
            file.length(CodeKey.PAYLOAD),
            length(file),
            Integer.MAX_VALUE - 8);
    return payload == null
        ? SealedFile.rejected(Rejection.LENGTH, "packed bytes that do not give " + length(file))
        : SealedFile.of(CodeKey.PAYLOAD, payload);
  }

  /** Bytes of the payload of a verified envelope, once unpacked. */
  static long length(SealedFile file) {
    return file.length(0) == CLAIM
        ? file.int64(0, CodeKey.CLAIM + 8)
        : file.length(CodeKey.PAYLOAD);
  }
}
