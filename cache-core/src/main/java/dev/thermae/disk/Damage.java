package dev.thermae.disk;

import dev.thermae.code.Rejection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not as it was published, or that nobody needs. Immutable.
 *
 * @param rejection why a reader would refuse it; null where it is no matter of its contents
 * @param detail in words
 */
public record Damage(Path path, Flaw flaw, @Nullable Rejection rejection, String detail) {

  /** What is wrong with a file. */
  public enum Flaw {
    /** A head that readers refuse. */
    HEAD,
    /** A body that differs from what its head says. */
    BODY,
    /** A head without its body. */
    BODY_MISSING,
    /** Code that readers refuse. */
    CODE,
    /** A recorded fingerprint that readers refuse. */
    FINGERPRINT,
    /** Its contents belong under another name. */
    MISPLACED,
    /** A link, a folder, a pipe or a device where a file should be. */
    NOT_A_FILE,
    /** It cannot be read. */
    UNREADABLE,
    /** It is signed, and no key was given: what it holds cannot be told. */
    FOREIGN,
    /** No head names it: a process was killed before it published the head. Harmless. */
    UNREFERENCED,
    /** A file on its way that is older than any way takes. Harmless. */
    LEFT_OVER,
    /** A name that this version of the format does not give. Harmless. */
    UNKNOWN;

    /** Whether a reader never comes across it. */
    public boolean isHarmless() {
      return this == UNREFERENCED || this == LEFT_OVER || this == UNKNOWN;
    }
  }
}
