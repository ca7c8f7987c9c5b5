package dev.thermae.code;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 (RFC 8032): whoever holds the private key seals, whoever holds a public key checks. Apart
 * from {@link Seal}, so that who only reads a folder does not load it.
 */
final class Ed25519Seal extends Seal {
  static final int LENGTH = 64;
  private static final String ALGORITHM = "Ed25519";

  private final @Nullable Ed25519SigningKey own;
  private final Ed25519PublicKeys keys;

  private Ed25519Seal(@Nullable Ed25519SigningKey own, Ed25519PublicKeys keys) {
    this.own = own;
    this.keys = keys;
  }

  /** Typed as a seal, so that who only knows seals does not load this class. */
  static Seal with(@Nullable Ed25519SigningKey own, Ed25519PublicKeys keys) {
    return new Ed25519Seal(own, keys);
  }

  @Override
  public int kind() {
    return ED25519;
  }

  @Override
  public boolean canSeal() {
    return own != null;
  }

  @Override
  public int keyId() {
    return own == null ? 0 : own.id();
  }

  @Override
  public int length() {
    return LENGTH;
  }

  @Override
  public void tag(byte[] data, int offset, int length, byte[] out, int at) {
    Ed25519SigningKey key = own;
    if (key == null) {
      throw new UnsupportedOperationException("a seal that only verifies seals nothing");
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key.key());
      signature.update(data, offset, length);
      byte[] tag = signature.sign();
      System.arraycopy(tag, 0, out, at, LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing key " + key.id() + " does not sign", e);
    }
  }

  @Override
  public @Nullable Rejection check(
      int keyId, byte[] data, int offset, int length, byte[] tag, int at) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      if (!keys.has(keyId)) {
        return Rejection.KEY;
      }
      signature.initVerify(keys.key(keyId));
      signature.update(data, offset, length);
      return signature.verify(Arrays.copyOfRange(tag, at, at + LENGTH)) ? null : Rejection.SEAL;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    } catch (SignatureException e) {
      return Rejection.SEAL; // no point of the curve, or a number out of range
    } catch (GeneralSecurityException e) {
      return Rejection.KEY;
    }
  }

  /** SHA-512, which is as long as a signature. */
  @Override
  public void digest(byte[] data, int offset, int length, byte[] out, int at) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      digest.update(data, offset, length);
      System.arraycopy(digest.digest(), 0, out, at, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-512", e);
    }
  }
}
