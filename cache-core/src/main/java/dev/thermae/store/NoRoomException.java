package dev.thermae.store;

import java.io.IOException;

/** Nothing was stored, because the bounds of the store leave no room for it just now. */
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1;

  /** A refusal in words. */
  public NoRoomException(String message) {
    super(message);
  }
}
