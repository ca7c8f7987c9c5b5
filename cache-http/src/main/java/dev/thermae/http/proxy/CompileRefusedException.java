package dev.thermae.http.proxy;

/** No code was made of a source. It has no stack trace, since it is an answer and no fault. */
public final class CompileRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, append-only. */
  public enum Reason {
    /** Code of such an engine, or of such options, is not made here. */
    UNKNOWN_FINGERPRINT,
    /** The source is longer than is allowed. */
    TOO_LONG,
    /** Too many wait already. */
    QUEUE_FULL,
    /** It took too long. */
    TIMEOUT,
    /** It took too much memory. */
    HEAP,
    /** The compiler died. */
    CRASHED,
    /** The source is at fault. */
    SOURCE_ERROR,
    /** The unit cannot be turned into bytes. */
    NOT_SERIALIZABLE,
    /** Nothing is compiled any more. */
    CLOSED
  }

  private final Reason reason;

  /** A refusal, in words that may be shown. */
  public CompileRefusedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
