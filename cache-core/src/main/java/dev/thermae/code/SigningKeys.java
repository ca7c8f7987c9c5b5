package dev.thermae.code;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of signed mode: one that new seals are made with, and older ones that are still
 * accepted. Immutable.
 */
public final class SigningKeys {
  /** The shortest secret accepted, in bytes. */
  public static final int MINIMUM_LENGTH = 16;

  private final int current;
  private final Map<Integer, byte[]> secrets;

  private SigningKeys(int current, Map<Integer, byte[]> secrets) {
    this.current = current;
    this.secrets = secrets;
  }

  /** One secret of at least {@link #MINIMUM_LENGTH} bytes, known by {@code id}, not 0. */
  public static SigningKeys of(int id, byte[] secret) {
    return new SigningKeys(id, Map.of()).accepting(id, secret);
  }

  /** The same keys, with seals of an older secret still accepted. */
  public SigningKeys accepting(int id, byte[] secret) {
    if (id == 0) {
      throw new IllegalArgumentException("key id 0 is that of checksums; take another");
    }
    if (secret.length < MINIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "secret " + id + " has " + secret.length + " bytes; it needs at least " + MINIMUM_LENGTH);
    }
    Map<Integer, byte[]> all = new LinkedHashMap<>(secrets);
    all.put(id, secret.clone());
    return new SigningKeys(current, all);
  }

  int current() {
    return current;
  }

  byte @Nullable [] secret(int id) {
    return secrets.get(id);
  }
}
