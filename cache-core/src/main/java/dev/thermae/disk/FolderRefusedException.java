package dev.thermae.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A cache folder cannot be trusted or used; the message says why and what to do. */
public final class FolderRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  FolderRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
