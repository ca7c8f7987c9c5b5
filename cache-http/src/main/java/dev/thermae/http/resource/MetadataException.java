package dev.thermae.http.resource;

import java.io.IOException;

/** Stored metadata are of another version, or not metadata: the response is fetched again. */
final class MetadataException extends IOException {
  private static final long serialVersionUID = 1;

  MetadataException(String message, Throwable cause) {
    super(message, cause);
  }

  MetadataException(String message) {
    super(message);
  }
}
