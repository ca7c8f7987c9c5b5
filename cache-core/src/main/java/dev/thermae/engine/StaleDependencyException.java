package dev.thermae.engine;

/** A unit is refused because something it was compiled against is not what it was. */
public final class StaleDependencyException extends RestoreException {
  private static final long serialVersionUID = 1;

  /** Says what has changed. */
  public StaleDependencyException(String message) {
    super(message);
  }
}
