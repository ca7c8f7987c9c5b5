package dev.thermae.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Watching ended, or did not begin. It reaches listeners and never a load. */
public final class WatchStoppedException extends IOException {
  private static final long serialVersionUID = 1;

  private final WatchFault fault;

  WatchStoppedException(WatchFault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** Why. */
  public WatchFault fault() {
    return fault;
  }

  /** What {@code cause} means, in words that say what to do. */
  static WatchStoppedException of(Throwable cause) {
    if (cause instanceof WatchStoppedException) {
      return (WatchStoppedException) cause;
    }
    WatchFault fault = fault(cause);
    return new WatchStoppedException(fault, advice(fault) + ": " + cause, cause);
  }

  private static WatchFault fault(Throwable cause) {
    if (cause instanceof NoClassDefFoundError) {
      return WatchFault.LIBRARY_MISSING;
    }
    if (cause instanceof NoSuchFileException || cause instanceof NotDirectoryException) {
      return WatchFault.FOLDER_GONE;
    }
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean limit = text.contains("limit") || text.contains("too many open files");
    return cause instanceof IOException && limit ? WatchFault.LIMIT : WatchFault.FAILED;
  }

  private static String advice(WatchFault fault) {
    return switch (fault) {
      case LIBRARY_MISSING ->
          "add io.methvin:directory-watcher and what it needs to the class path";
      case FOLDER_GONE -> "a watched folder is gone; build a new loader when it is back";
      case LIMIT -> "watch fewer folders, or raise the limit (fs.inotify on Linux)";
      case SILENT_FILE_SYSTEM, FAILED -> "the folders cannot be watched";
    };
  }
}
