package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells, once in a process, that users with keys and users without share a folder: each of them
 * takes what the other stored for damaged and replaces it, and nobody's loads stay hot. Looked at
 * only when a head was refused for its format. Thread-safe.
 */
final class MixedUse {
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private MixedUse() {}

  /** {@code bytes} are those of a head that was refused. */
  static void refused(byte[] bytes, DiskStore store) {
    boolean signs = store.seal().kind() == Seal.SIGNED;
    boolean mixed = signs ? SealedFile.isChecksummed(bytes) : SealedFile.isSigned(bytes);
    if (mixed && TOLD.compareAndSet(false, true)) {
      store
          .counters()
          .onWarning(
              store.root().getParent()
                  + (signs
                      ? " holds entries that are not signed, and keys were given"
                      : " holds signed entries, and no keys were given")
                  + ": all users of a folder sign, or none, else each replaces what others stored");
    }
  }

  /** For tests: as in a new process. */
  static void forget() {
    TOLD.set(false);
  }
}
