package dev.thermae.file;

import java.nio.file.Path;

/**
 * Hears of watched files. Methods are called one after the other, on the thread that looks at
 * changes, so what takes long delays what is told next, but no load; what they throw is counted as
 * a fault.
 */
@FunctionalInterface
public interface FileListener {
  /**
   * A file is another one now, and has been quiet for a while; a load that begins from now on sees
   * it. Told of files that were loaded and of files that appear in watched folders.
   *
   * @param file the real path, absolute and without links
   */
  void onChange(Path file, FileChange change);

  /**
   * Watching ended for good; every load reads its file from now on. Told at most once; on the
   * thread that builds the loader, or that loads, where that is what failed.
   */
  default void onStopped(WatchStoppedException reason) {}
}
