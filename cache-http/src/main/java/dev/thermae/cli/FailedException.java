package dev.thermae.cli;

/** A command could not do its work; the message, one line, is for the user. */
final class FailedException extends Exception {
  private static final long serialVersionUID = 1;

  FailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
