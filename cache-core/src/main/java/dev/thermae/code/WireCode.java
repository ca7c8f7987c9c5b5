package dev.thermae.code;

import org.jspecify.annotations.Nullable;

/**
 * Envelopes that cross machines: they claim no resource and no generation, which are checked only
 * where they are stored, and are to be sealed by {@link Seal#signing}. Whoever receives one
 * verifies it once and seals its payload again for his own store. Stateless.
 */
public final class WireCode {
  private static final byte[] NOWHERE = new byte[32];

  private WireCode() {}

  /** An envelope of {@code payload}; null where the seal only verifies, which is no fault. */
  public static byte @Nullable [] seal(CodeKey key, Seal seal, byte[] payload) {
    return seal.canSeal() ? key.seal(seal, NOWHERE, Generation.NONE, payload) : null;
  }

  /**
   * Checks all there is to check, in the order of {@link Rejection}; the payload is the section
   * {@link CodeKey#PAYLOAD} of what is returned without a rejection.
   */
  public static SealedFile open(byte[] envelope, CodeKey key, Seal seal) {
    return key.open(envelope, seal, NOWHERE, Generation.NONE);
  }
}
