package dev.thermae.http.resource;

import java.io.IOException;

/** The way to origins: one request, no redirects, no cache. */
interface Transport extends AutoCloseable {
  /**
   * Sends a request without a body and reads all of the answer.
   *
   * @param method GET or HEAD
   * @throws FetchException when the answer cannot be used, by our own rules
   * @throws IOException when the network failed or the answer is not whole
   */
  Answer send(String method, String url, HeaderList fields) throws IOException;

  @Override
  void close();
}
