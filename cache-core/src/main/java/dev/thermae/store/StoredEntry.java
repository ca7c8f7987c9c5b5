package dev.thermae.store;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** One stored response, as it was when it was found. Thread-safe. */
public interface StoredEntry {
  /** The verified head. */
  EntryHead head();

  /**
   * The body as received, every byte verified; null when it is damaged or was replaced meanwhile,
   * which has been reported.
   */
  byte @Nullable [] body();

  /** The slot of this generation for one kind of unit. */
  Slot slot(Fingerprint fingerprint, Shape shape, Charset charset);
}
