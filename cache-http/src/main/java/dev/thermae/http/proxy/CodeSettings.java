package dev.thermae.http.proxy;

import dev.thermae.code.Ed25519PublicKeys;
import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.code.Seal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a proxy hands out code; not thread-safe. */
final class CodeSettings {
  @Nullable CodeCompiler compiler;
  @Nullable Ed25519SigningKey key;
  Duration wait = Duration.ofSeconds(2);
  int maximumWaiting = 32;
  int maximumCompiles = 4;
  long signedBytes = 32L << 20;

  /** Seals where there is a key; what it makes is not for ourselves to check. */
  Seal seal() {
    Ed25519SigningKey own = key;
    Ed25519PublicKeys none = Ed25519PublicKeys.none();
    return own == null ? Seal.verifying(none) : Seal.signing(own, none);
  }
}
