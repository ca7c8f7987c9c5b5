package dev.thermae.disk;

import dev.thermae.code.Rejection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not as it was published, that nobody needs, or that could not be checked.
 * Immutable.
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
    /** It cannot be read, so that nothing can be told of it, nor of what is below it. */
    UNREADABLE,
    /** It is signed and no key was given, or the other way round: it cannot be judged. */
    FOREIGN,
    /** It is signed with a key that was not given: it cannot be judged. */
    UNKNOWN_KEY,
    /** Its seal does not match: it is damaged, or of another namespace. */
    OTHER_NAMESPACE,
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

    /** Whether nothing is known of it: it may be as good as new, and is never to be deleted. */
    public boolean isUnchecked() {
      return this == UNREADABLE
          || this == FOREIGN
          || this == UNKNOWN_KEY
          || this == OTHER_NAMESPACE;
    }
  }
}
