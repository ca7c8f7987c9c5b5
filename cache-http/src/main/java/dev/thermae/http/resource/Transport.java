package dev.thermae.http.resource;

import java.io.IOException;

/** The way to origins: one request, no redirects, no cache. */
interface Transport extends AutoCloseable {
  /**
   * Sends a GET and reads all of the answer.
   *
   * @throws FetchException when the answer cannot be used, by our own rules
   * @throws IOException when the network failed or the answer is not whole
   */
  Answer get(String url, HeaderList fields) throws IOException;

  /** Sends a HEAD, in every other respect as {@link #get}; the answer's body is empty. */
  Answer head(String url, HeaderList fields) throws IOException;

  @Override
  void close();
}
