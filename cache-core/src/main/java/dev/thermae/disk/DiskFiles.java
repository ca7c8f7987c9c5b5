package dev.thermae.disk;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whole files read and published. Reads go through {@link RandomAccessFile}, which a thread's
 * interruption does not close; a file is published by renaming a finished one.
 */
final class DiskFiles {
  private static final AtomicLong COUNT = new AtomicLong();

  private DiskFiles() {}

  /** All bytes of {@code file}, at most {@code maximum}; null when there is no such file. */
  static byte @Nullable [] read(File file, int maximum) throws IOException {
    long length = file.length();
    if (length == 0) {
      return file.exists() ? new byte[0] : null;
    }
    if (length > maximum) {
      throw new IOException(
          file + " has " + length + " bytes; no such file is longer than " + maximum);
    }
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] bytes = new byte[(int) length];
      int read = 0;
      while (read < bytes.length) {
        int count = in.read(bytes, read, bytes.length - read);
        if (count < 0) {
          break;
        }
        read += count;
      }
      return read == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, read);
    } catch (java.io.FileNotFoundException e) {
      if (file.exists()) {
        throw e;
      }
      return null;
    }
  }

  /** A name in {@code folder} that no other process or thread uses. */
  static File temporary(File folder) throws IOException {
    while (true) {
      String name =
          Long.toHexString(Temporary.SEED) + '-' + Long.toHexString(COUNT.incrementAndGet()) + ".t";
      File file = new File(folder, name);
      try {
        if (file.createNewFile()) {
          return file;
        }
      } catch (IOException e) {
        if (folder.isDirectory()) {
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
    try {
      Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
    } catch (java.nio.file.NoSuchFileException e) {
      folder(target.getParentFile());
      moveOrDelete(temporary, target);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
  }

  private static void moveOrDelete(File temporary, File target) throws IOException {
    try {
      Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(temporary);
      throw e;
    }
  }

  /** Creates {@code folder} and its parents where they are missing. */
  static void folder(File folder) throws IOException {
    if (!folder.isDirectory() && !folder.mkdirs() && !folder.isDirectory()) {
      throw new IOException("cannot create the folder " + folder);
    }
  }

  /** Deletes a file that may already be gone. */
  static void delete(File file) {
    if (!file.delete() && file.exists()) {
      file.deleteOnExit();
    }
  }

  /** Built when something is first written. */
  private static final class Temporary {
    static final long SEED = dev.thermae.code.Generation.random().high();
  }
}
