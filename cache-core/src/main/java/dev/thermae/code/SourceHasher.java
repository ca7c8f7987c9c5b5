package dev.thermae.code;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Hashes a source that is never held whole as {@link Source#hash} does. For one thread. */
public final class SourceHasher {
  private final MessageDigest digest = Sha256.start();

  /** Of a source in {@code charset}, from its first byte. */
  public SourceHasher(Charset charset) {
    digest.update((charset.name() + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  /** Takes the next bytes. */
  public void add(byte[] bytes, int offset, int count) {
    digest.update(bytes, offset, count);
  }

  /** The hash of all that was taken, 32 bytes; once. */
  public byte[] hash() {
    return digest.digest();
  }
}
