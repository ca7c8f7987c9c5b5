package dev.thermae.code;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 from the JDK; apart, because looking up a provider costs a fresh process 30 ms. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static byte[] of(byte[] prefix, byte[] bytes) {
    MessageDigest digest = start();
    digest.update(prefix);
    return digest.digest(bytes);
  }
}
