package dev.thermae.http.resource;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read piece by piece, in constant memory, as it comes. For one thread at a time.
 */
public interface Pieces extends AutoCloseable {
  /**
   * The next bytes, 64 KiB at most, which stay as they are until the next call; none where there
   * are none yet; null at the end.
   *
   * @throws dev.thermae.store.UnreadableBodyException when what is stored is damaged or lost
   * @throws IOException when there will be no more, though this is not all
   */
  @Nullable ByteBuffer next() throws IOException;

  /** Runs {@code then} once, when there is more to say than that there is nothing yet. */
  void whenMore(Runnable then);

  /** Whether {@link #next} waits for the network now. */
  boolean isWaiting();

  /** Reads no more; may be repeated. */
  @Override
  void close();
}
