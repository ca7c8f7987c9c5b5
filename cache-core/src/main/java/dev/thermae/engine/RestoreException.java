package dev.thermae.engine;

import java.io.IOException;

/** An engine refused stored code, or could not serialize a unit: a miss, never a failure. */
public class RestoreException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says what was refused. */
  public RestoreException(String message) {
    super(message);
  }

  /** Says what was refused, and what went wrong underneath. */
  public RestoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
