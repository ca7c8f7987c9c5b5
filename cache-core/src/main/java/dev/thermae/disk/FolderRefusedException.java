package dev.thermae.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A cache folder cannot be trusted or used; the message says why and what to do. */
public final class FolderRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final String fault;
  private final boolean foreign;

  FolderRefusedException(String message, @Nullable Throwable cause) {
    this(message, message, false, cause);
  }

  private FolderRefusedException(
      String message, String fault, boolean foreign, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.foreign = foreign;
  }

  /** Of a folder that belongs to somebody else. */
  static FolderRefusedException foreign(String fault, String remedy) {
    return new FolderRefusedException(fault + ": " + remedy, fault, true, null);
  }

  /** Why, without what to do where it is somebody else's folder. */
  public String fault() {
    return fault;
  }

  /** Whether the folder belongs to somebody else, who may well use it. */
  public boolean isForeign() {
    return foreign;
  }
}
