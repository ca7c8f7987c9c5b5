package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Forces files and folders to the device; loaded by {@link Durability#FSYNC} alone. */
final class Forcing {
  /** A folder that was just made, and those that may have been made for it. */
  private static final int LEVELS = 3;

  private Forcing() {}

  static void file(File file) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file, "rw")) {
      open.getFD().sync();
    }
  }

  /** The names in a folder; where folders cannot be opened, as on Windows, nothing is done. */
  static void folder(File folder) throws IOException {
    if (File.separatorChar != '/') {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try (FileChannel open = FileChannel.open(folder.toPath(), StandardOpenOption.READ)) {
      open.force(true);
    } catch (ClosedByInterruptException e) {
      interrupted = true;
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A folder that was just made, with its parents. */
  static void madeFolder(File folder) throws IOException {
    File parent = folder.getParentFile();
    for (int i = 0; i < LEVELS && parent != null; i++) {
      folder(parent);
      parent = parent.getParentFile();
    }
  }
}
