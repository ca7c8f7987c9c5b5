package dev.thermae.store;

import java.io.IOException;

/**
 * The metadata of one generation of a resource for one fingerprint, shape and charset: a mark that
 * it was seen and, when present, sealed code. Thread-safe.
 */
public interface Slot {
  /** Reads what the slot holds. Nothing is verified. */
  SlotContent read() throws IOException;

  /** Notes one more run that compiled. */
  void mark() throws IOException;

  /** Publishes an envelope; readers see all of it or none. */
  void attach(byte[] envelope) throws IOException;
}
