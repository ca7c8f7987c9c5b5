package dev.thermae.engine;

/**
 * The part of stored code that is decoded at its first use is malformed.
 *
 * <p>Whatever reaches an engine was sealed, so this is a second line of defence: it means a bug or
 * memory that went bad, not a damaged file. What is visible when code is restored is refused there
 * with a {@link RestoreException}.
 */
public final class CorruptCodeException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** Says what is malformed. */
  public CorruptCodeException(String message) {
    super(message);
  }

  /**
   * The same as the constructor, typed so that a class that throws it is verified without loading
   * it.
   */
  public static IllegalStateException of(String message) {
    return new CorruptCodeException(message);
  }
}
