package dev.thermae.store;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * One stored response, as it was when it was found, and the slots of its generation. Thread-safe.
 *
 * <p>A slot is the metadata of one generation for one kind of unit: a mark that it was seen and,
 * when present, sealed code. It is named by {@link #slot}.
 */
public interface StoredEntry {
  /** The name of the slot for one kind of unit: fingerprint, charset and shape, a line each. */
  static String slot(Fingerprint fingerprint, Shape shape, Charset charset) {
    return fingerprint + "\n" + charset.name() + "\n" + shape.text();
  }

  /** The name of the slot for the unit that {@code key} decides. */
  static String slot(CodeKey key) {
    return slot(key.fingerprint(), key.shape(), key.source().charset());
  }

  /** The verified head. */
  EntryHead head();

  /**
   * The body as received, every byte verified; null when it is damaged or was replaced meanwhile,
   * which has been reported.
   */
  byte @Nullable [] body();

  /**
   * The same body piece by piece; null when it is gone or cannot be opened, which has been
   * reported.
   */
  default @Nullable BodyReader reader() {
    byte[] body = body();
    return body == null ? null : BodyReader.of(body);
  }

  /** Whether the body is these very bytes, which proves it without its digests. */
  boolean holds(byte[] expected);

  /** The envelope in a slot, not verified yet; null where there is none. */
  byte @Nullable [] code(String slot) throws IOException;

  /** The mark of a slot. */
  Seen seen(String slot) throws IOException;

  /** Notes one more run that compiled, or the first one {@code anew}. */
  void mark(String slot, boolean anew) throws IOException;

  /** Notes the same, and what the compile took, in nanoseconds; 0 when that is not known. */
  default void mark(String slot, boolean anew, long compileNanos) throws IOException {
    mark(slot, anew);
  }

  /** Nanoseconds that the last marked compile took, roughly; 0 when that is not known. */
  default long compileNanos(String slot) throws IOException {
    return 0;
  }

  /** Publishes an envelope; readers see all of it or none. */
  void attach(String slot, byte[] envelope) throws IOException;
}
