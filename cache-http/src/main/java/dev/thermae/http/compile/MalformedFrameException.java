package dev.thermae.http.compile;

import java.io.IOException;

/** What the other side wrote is not what was agreed on. */
final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedFrameException(String message) {
    super(message);
  }
}
