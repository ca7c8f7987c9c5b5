package dev.thermae.file;

/** Why watching ended, or did not begin. */
public enum WatchFault {
  /** {@code io.methvin:directory-watcher}, or what it needs, is not on the class path. */
  LIBRARY_MISSING,
  /** A watched folder, or the folder of a watched file, is not there any more. */
  FOLDER_GONE,
  /** The system watches no more folders for this user, or opens no more files. */
  LIMIT,
  /** The file system does not tell what others change on it, as those of networks do not. */
  SILENT_FILE_SYSTEM,
  /** Anything else; the cause says what. */
  FAILED
}
