package dev.thermae.cli;

import org.jspecify.annotations.Nullable;

/** A command could not do its work; the message, one line, is for the user. */
final class FailedException extends Exception {
  private static final long serialVersionUID = 1;

  FailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
