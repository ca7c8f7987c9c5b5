package dev.thermae.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is stored of a body is damaged or cannot be read, which has been reported. */
public final class UnreadableBodyException extends IOException {
  private static final long serialVersionUID = 1;

  /** Says where, and what is wrong there. */
  public UnreadableBodyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
