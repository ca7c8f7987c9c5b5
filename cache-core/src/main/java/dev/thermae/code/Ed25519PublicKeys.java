package dev.thermae.code;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The public keys whose signatures are believed, by id: all that a reader of signed code needs, and
 * nothing that signs. Immutable and thread-safe.
 *
 * <p>Keys are looked at when the first signature is checked: a process that finds all its code on
 * disk never pays for that.
 */
public final class Ed25519PublicKeys {
  private final Map<Integer, byte[]> encoded;
  private final Map<Integer, PublicKey> keys = new ConcurrentHashMap<>();

  private Ed25519PublicKeys(Map<Integer, byte[]> encoded) {
    this.encoded = encoded;
  }

  /**
   * One key as PEM, as X.509, or as the 32 bytes of RFC 8032 section 5.1.5.
   *
   * @param id as the signer has it, not 0
   * @throws IllegalArgumentException when it is none of these
   */
  public static Ed25519PublicKeys of(int id, byte[] text) {
    return new Ed25519PublicKeys(Map.of()).accepting(id, text);
  }

  /**
   * One key from a file, such as {@code openssl pkey -pubout} writes.
   *
   * @throws IOException when it cannot be read, or is no such key
   */
  public static Ed25519PublicKeys read(int id, Path file) throws IOException {
    return new Ed25519PublicKeys(Map.of()).accepting(id, file);
  }

  /** The same keys and one more; one of the same id is replaced. */
  public Ed25519PublicKeys accepting(int id, byte[] text) {
    byte[] der = Ed25519Text.encoded(text, "PUBLIC KEY", Ed25519Text.PUBLIC_PREFIX, "a public key");
    Map<Integer, byte[]> all = new LinkedHashMap<>(encoded);
    all.put(checkedId(id), der);
    return new Ed25519PublicKeys(all);
  }

  /** The same from a file. */
  public Ed25519PublicKeys accepting(int id, Path file) throws IOException {
    byte[] text = Ed25519Text.read(file);
    try {
      return accepting(id, text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static int checkedId(int id) {
    if (id == 0) {
      throw new IllegalArgumentException("key id 0 is that of checksums; take another");
    }
    return id;
  }

  /** No keys: nothing is believed. */
  public static Ed25519PublicKeys none() {
    return new Ed25519PublicKeys(Map.of());
  }

  /** The ids, in the order in which they were given. */
  public Set<Integer> ids() {
    return Collections.unmodifiableSet(encoded.keySet());
  }

  boolean has(int id) {
    return encoded.containsKey(id);
  }

  PublicKey key(int id) throws GeneralSecurityException {
    PublicKey known = keys.get(id);
    if (known == null) {
      byte[] der = encoded.get(id);
      if (der == null) {
        throw new InvalidKeyException("no public key " + id);
      }
      known = Ed25519Text.factory().generatePublic(new X509EncodedKeySpec(der));
      keys.put(id, known);
    }
    return known;
  }

  @Override
  public String toString() {
    return "Ed25519 public keys " + encoded.keySet();
  }
}
