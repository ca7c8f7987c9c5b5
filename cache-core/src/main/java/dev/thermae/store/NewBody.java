package dev.thermae.store;

import java.io.OutputStream;

/**
 * A body on its way into a store. Closing it without {@link Store#put} forgets it. Not thread-safe.
 */
public abstract class NewBody extends OutputStream {
  /** Bytes written so far. */
  public abstract long length();
}
