package dev.thermae.http.resource;

import java.io.IOException;

/** The way to origins: one request, no redirects, no cache. */
interface Transport extends AutoCloseable {
  /** Sends a request without a body and reads all of the answer. */
  default Answer send(String method, String url, HeaderList fields) throws IOException {
    return send(method, url, fields, Long.MAX_VALUE);
  }

  /**
   * The same, but a way that can do so leaves the body of a 200 that is not shorter to be read from
   * {@link Answer#arriving}.
   *
   * @param method GET or HEAD
   * @param streamFrom in bytes
   * @throws FetchException when the answer cannot be used, by our own rules
   * @throws IOException when the network failed or the answer is not whole
   */
  Answer send(String method, String url, HeaderList fields, long streamFrom) throws IOException;

  @Override
  void close();
}
