package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;

/**
 * What files take on their file system. The JDK does not tell allocated blocks, so lengths are
 * rounded up to whole ones. Immutable.
 */
final class Blocks {
  private static final long USUAL = 4096;
  private static final long LARGEST = 1 << 20;

  private final long block;
  private final boolean foldersAreFree;

  private Blocks(long block, boolean foldersAreFree) {
    this.block = block;
    this.foldersAreFree = foldersAreFree;
  }

  /** Blocks of the file system that holds {@code folder}. */
  static Blocks of(File folder) {
    try {
      FileStore files = Files.getFileStore(folder.toPath());
      long block = files.getBlockSize();
      return new Blocks(
          block > 0 && block <= LARGEST ? block : USUAL, files.type().equals("tmpfs"));
    } catch (IOException | RuntimeException e) {
      return new Blocks(USUAL, false);
    }
  }

  /** Bytes that a file of this length takes. */
  long of(long length) {
    return (length + block - 1) / block * block;
  }

  /** Bytes that a folder of this length takes: at least one block, but for those in memory. */
  long ofFolder(long length) {
    return foldersAreFree ? 0 : of(Math.max(length, 1));
  }

  /** Bytes that will be taken by folders that do not exist yet. */
  long ofMissing(File folder) {
    long missing = 0;
    if (!foldersAreFree) {
      File at = folder;
      while (at != null && !at.exists()) {
        missing += block;
        at = at.getParentFile();
      }
    }
    return missing;
  }
}
