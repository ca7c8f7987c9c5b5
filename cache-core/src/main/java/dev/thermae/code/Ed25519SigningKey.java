package dev.thermae.code;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The private key that code is signed with before it leaves a machine, known to readers by an id.
 * Immutable and thread-safe.
 *
 * <p>A new key gets a new id; readers are given both public keys ({@link Ed25519PublicKeys}) before
 * the signer changes, and lose the old one when nothing that it signed is wanted any more.
 */
public final class Ed25519SigningKey {
  private final int id;
  private final byte[] encoded;
  private volatile @Nullable PrivateKey key;

  private Ed25519SigningKey(int id, byte[] encoded) {
    this.id = Ed25519PublicKeys.checkedId(id);
    this.encoded = encoded;
  }

  /**
   * A key as PEM, as PKCS#8, or as the 32 bytes of RFC 8032 section 5.1.5.
   *
   * @param id not 0
   * @throws IllegalArgumentException when it is none of these
   */
  public static Ed25519SigningKey of(int id, byte[] text) {
    byte[] der =
        Ed25519Text.encoded(text, "PRIVATE KEY", Ed25519Text.PRIVATE_PREFIX, "a private key");
    Ed25519SigningKey key = new Ed25519SigningKey(id, der);
    try {
      key.key();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("signing key " + id + " is no Ed25519 key", e);
    }
    return key;
  }

  /**
   * The same from a file, such as {@code openssl genpkey -algorithm ed25519} writes.
   *
   * @throws IOException when it cannot be read, is no such key, or may be read by others
   */
  public static Ed25519SigningKey read(int id, Path file) throws IOException {
    byte[] text = Ed25519Text.readSecret(file);
    try {
      return of(id, text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** What readers know the key by. */
  public int id() {
    return id;
  }

  PrivateKey key() throws GeneralSecurityException {
    PrivateKey known = key;
    if (known == null) {
      known = Ed25519Text.factory().generatePrivate(new PKCS8EncodedKeySpec(encoded));
      key = known;
    }
    return known;
  }

  /** The id; never the key. */
  @Override
  public String toString() {
    return "Ed25519 signing key " + id;
  }
}
