package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files published by renaming finished ones: readers see all of a file or none. Nothing is ever
 * overwritten in place. Thread-safe.
 */
final class Publisher {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final long SEED = Generation.random().high();

  private static final int ATTEMPTS = 3;

  private Publisher() {}

  /** A name in {@code folder} that no other process or thread uses. */
  static File temporary(File folder) throws IOException {
    for (int attempt = 1; ; ) {
      String name = Long.toHexString(SEED) + '-' + Long.toHexString(COUNT.incrementAndGet()) + ".t";
      File file = new File(folder, name);
      try {
        if (file.createNewFile()) {
          return file;
        }
      } catch (IOException e) {
        // The folder may be missing, and somebody else may be making it just now.
        if (attempt++ == ATTEMPTS) {
          throw e;
        }
        folder(folder);
      }
    }
  }

  /** Writes {@code bytes} to a temporary file and renames it to {@code target}. */
  static void publish(File temporaries, File target, byte[] bytes) throws IOException {
    File temporary = temporary(temporaries);
    try (FileOutputStream out = new FileOutputStream(temporary)) {
      out.write(bytes);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
    publish(temporary, target);
  }

  /** Renames a finished file to its place; the temporary is gone afterwards, whatever happens. */
  static void publish(File temporary, File target) throws IOException {
    boolean published = false;
    try {
      move(temporary, target);
      published = true;
    } finally {
      if (!published) {
        delete(temporary);
      }
    }
  }

  private static void move(File temporary, File target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (NoSuchFileException e) {
        // The folder is not there yet, or was empty and taken away just now.
        if (attempt > ATTEMPTS) {
          throw e;
        }
        folder(target.getParentFile());
      }
    }
  }

  /** Creates {@code folder} and its parents where they are missing, for this user alone. */
  static void folder(File folder) throws IOException {
    if (!folder.isDirectory()) {
      FolderCreation.createAll(folder.toPath());
    }
  }

  /** Deletes a file that may already be gone. */
  static void delete(File file) {
    if (!file.delete() && file.exists()) {
      file.deleteOnExit();
    }
  }
}
