package dev.thermae.http.resource;

import java.io.IOException;

/** The way to origins: one GET, no redirects, no cache. */
interface Transport extends AutoCloseable {
  /**
   * Sends a GET and reads all of the answer.
   *
   * @throws FetchException when the answer cannot be used, by our own rules
   * @throws IOException when the network failed or the answer is not whole
   */
  Answer get(String url, HeaderList fields) throws IOException;

  @Override
  void close();
}
