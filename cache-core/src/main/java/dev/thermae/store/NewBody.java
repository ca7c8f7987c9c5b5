package dev.thermae.store;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way into a store. Closing it without {@link Store#put} forgets it. Not thread-safe.
 */
public abstract class NewBody extends OutputStream {
  /** Bytes written so far. */
  public abstract long length();

  /**
   * Reads along while another thread writes, and on after {@link Store#put}, in whole pieces until
   * the last; null where this store cannot do that.
   */
  public @Nullable BodyReader reader() throws IOException {
    return null;
  }
}
