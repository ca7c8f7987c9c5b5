package dev.thermae.bench;

import java.io.IOException;

/** A request that was not answered in full. */
final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1;

  /** How it failed, as far as a client can tell. */
  enum Kind {
    /** Nobody listens. */
    REFUSED,
    /** The connection was gone before the first byte of an answer: a GET may be repeated. */
    UNANSWERED,
    /** The connection ended within an answer. */
    CUT,
    /** Nothing came for too long. */
    LATE,
    /** What came is no answer. */
    MALFORMED,
    /** Another status than 200. */
    STATUS
  }

  private final Kind kind;

  HttpFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** The kind; of another status also which. */
  @Override
  public String toString() {
    return kind == Kind.STATUS ? kind + " " + getMessage() : kind.toString();
  }
}
