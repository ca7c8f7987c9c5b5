package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
  private static final int DEEPEST = 3;

  private Publisher() {}

  /** A name in {@code folder} that no other process or thread uses; {@link #output} makes it. */
  static File temporary(File folder) throws IOException {
    File guarded = CacheFolder.guards ? GuardedFiles.temporary(folder) : null;
    if (guarded != null) {
      return guarded;
    }
    requireOwn(folder);
    String name = Long.toHexString(SEED) + '-' + Long.toHexString(COUNT.incrementAndGet()) + ".t";
    return new File(folder, name);
  }

  /** Writes {@code bytes} to a temporary file and renames it to {@code target}. */
  static void publish(File temporaries, File target, byte[] bytes) throws IOException {
    publish(temporaries, target, bytes, Durability.RENAME);
  }

  /** Writes {@code bytes} to a temporary file and renames it to {@code target}. */
  static void publish(File temporaries, File target, byte[] bytes, Durability durability)
      throws IOException {
    File temporary = temporary(temporaries);
    try (OutputStream out = output(temporary)) {
      out.write(bytes);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
    publish(temporary, target, durability);
  }

  /** Makes and opens what {@link #temporary} named, once. */
  static OutputStream output(File temporary) throws IOException {
    OutputStream guarded = CacheFolder.guards ? GuardedFiles.output(temporary) : null;
    if (guarded != null) {
      return guarded;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return new FileOutputStream(temporary);
      } catch (FileNotFoundException e) {
        // The folder may be missing, and somebody else may be making it just now, or have made it.
        if (attempt == ATTEMPTS) {
          throw e;
        }
        folder(temporary.getParentFile());
      }
    }
  }

  /** Renames a finished file to its place; the temporary is gone afterwards, whatever happens. */
  static void publish(File temporary, File target, Durability durability) throws IOException {
    boolean published = false;
    boolean forced = durability == Durability.FSYNC;
    try {
      if (forced) {
        Forcing.file(temporary);
      }
      move(temporary, target, forced);
      published = true;
      if (forced) {
        Forcing.folder(target.getParentFile());
      }
    } finally {
      if (!published) {
        delete(temporary);
      }
    }
  }

  private static void move(File temporary, File target, boolean forced) throws IOException {
    if (CacheFolder.guards && GuardedFiles.move(temporary, target)) {
      return;
    }
    requireOwn(target.getParentFile());
    boolean made = false;
    for (int attempt = 1; ; attempt++) {
      try {
        Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
        if (made && forced) {
          Forcing.madeFolder(target.getParentFile());
        }
        return;
      } catch (NoSuchFileException e) {
        // The folder is not there yet, or was empty and taken away just now.
        if (attempt > ATTEMPTS) {
          throw e;
        }
        folder(target.getParentFile());
        made = true;
      }
    }
  }

  /** Creates {@code folder} and its parents where they are missing, for this user alone. */
  static void folder(File folder) throws IOException {
    if (CacheFolder.guards && GuardedFiles.folder(folder)) {
      return;
    }
    if (!folder.isDirectory()) {
      FolderCreation.createAll(folder.toPath());
    }
  }

  /** Deletes a file that may already be gone; true when it was there and is not any more. */
  static boolean delete(File file) {
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      return GuardedFiles.delete(file);
    }
    if (isLinked(file.getParentFile())) {
      return false;
    }
    boolean deleted = file.delete();
    if (!deleted && file.exists()) {
      file.deleteOnExit();
    }
    return deleted;
  }

  /** Nothing is written where a link leads, though nobody else can have made one. */
  static void requireOwn(File folder) throws IOException {
    if (isLinked(folder)) {
      throw new IOException(folder + " is below a symbolic link, or is one");
    }
  }

  /**
   * Looked at as deep as the folders inside a cache folder are, which itself has no links above.
   */
  private static boolean isLinked(File folder) {
    Path path = folder.toPath();
    for (int depth = 0; depth < DEEPEST && path != null; depth++) {
      if (Files.isSymbolicLink(path)) {
        return true;
      }
      path = path.getParent();
    }
    return false;
  }
}
