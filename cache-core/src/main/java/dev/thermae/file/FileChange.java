package dev.thermae.file;

/** What happened to a watched file. */
public enum FileChange {
  /** There was no such file that the loader knew of, and now there is: written or moved there. */
  CREATED,
  /** A file that was loaded has other bytes. New times alone are no change. */
  MODIFIED,
  /** A file that was loaded is gone. */
  DELETED
}
