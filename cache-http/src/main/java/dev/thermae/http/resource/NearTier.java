package dev.thermae.http.resource;

import dev.thermae.code.Source;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Somebody nearer than the origin who is asked first, and may have code of what he answers. He is
 * never needed: whatever is wrong with him, the origin is asked. Thread-safe.
 */
public interface NearTier extends AutoCloseable {
  /**
   * An answer to GET as the origin would give it; null where there is none to be had here.
   *
   * @param fields as they would be sent to the origin, conditions included
   * @throws IOException only when the caller was interrupted
   */
  @Nullable Near get(String url, HeaderList fields) throws IOException;

  @Override
  void close();

  /**
   * An answer.
   *
   * @param headers the origin's fields, with the current {@code Age}
   * @param protocol such as {@code HTTP/1.1}
   * @param arrived when its head was there
   * @param code of the body; null where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  record Near(
      int status,
      String reason,
      HeaderList headers,
      String protocol,
      long arrived,
      byte[] body,
      @Nullable NearCode code) {}

  /** Code that came with an answer; nothing of it has been believed yet. Used by one thread. */
  interface NearCode {
    /**
     * Verifies that it is code of this very source; if not, the whole answer is refused.
     *
     * @param source null where the body that it came with cannot be decoded
     */
    boolean isOf(@Nullable Source source);

    /**
     * Attaches verified code to the response that was stored, under the store's own seal.
     *
     * @throws IOException when it cannot be written
     */
    void attach(StoredEntry entry) throws IOException;
  }
}
