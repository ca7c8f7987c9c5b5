package dev.thermae.http.testing;

import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.Ed25519SigningKey;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/** A pair of keys, made anew. */
public final class WireKeys {
  private final int id;
  private final KeyPair pair;

  public WireKeys(int id) {
    this.id = id;
    try {
      this.pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public Ed25519SigningKey signing() {
    return Ed25519SigningKey.of(id, pair.getPrivate().getEncoded());
  }

  public Ed25519PublicKeys open() {
    return Ed25519PublicKeys.of(id, encoded());
  }

  public byte[] encoded() {
    return pair.getPublic().getEncoded();
  }
}
