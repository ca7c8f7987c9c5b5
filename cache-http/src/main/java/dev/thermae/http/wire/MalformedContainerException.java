package dev.thermae.http.wire;

import java.io.IOException;

/** A message is no {@link CodeContainer}. */
public final class MalformedContainerException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedContainerException(String why) {
    super("malformed container: " + why);
  }
}
