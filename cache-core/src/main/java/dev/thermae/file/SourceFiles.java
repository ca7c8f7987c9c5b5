package dev.thermae.file;

import dev.thermae.code.Source;
import dev.thermae.event.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads files whole: regular ones, up to a length, each as it was at one moment. Immutable.
 *
 * @param maximum bytes, at most {@link #LARGEST}
 * @param time of the clock that files get their times from
 */
record SourceFiles(Charset charset, int maximum, TimeSource time) {
  static final int DEFAULT_MAXIMUM = 64 << 20;
  static final int LARGEST = Integer.MAX_VALUE - 9;
  private static final int ATTEMPTS = 5;
  private static final int RECENT_MILLIS = 5_000;

  /** The file's own path, absolute and without links. */
  Path real(Path file) throws IOException {
    try {
      return file.toRealPath();
    } catch (NoSuchFileException e) {
      throw missing(file, e);
    }
  }

  /** What the file holds, named by its path. */
  Source read(Path real) throws IOException {
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        BasicFileAttributes before = attributes(real);
        byte[] bytes = bytes(real, (int) before.size());
        if (bytes.length == before.size()
            && isSame(before, attributes(real))
            && (isSettled(before) || Arrays.equals(bytes, bytes(real, bytes.length)))) {
          return Source.of(real.toString(), bytes, charset);
        }
      }
    } catch (NoSuchFileException e) {
      throw missing(real, e);
    }
    throw fault(real, "changes while it is read; write it beside and move it into place");
  }

  private BasicFileAttributes attributes(Path real) throws IOException {
    BasicFileAttributes found = Files.readAttributes(real, BasicFileAttributes.class);
    if (found.isDirectory()) {
      throw fault(real, "is a folder; name a file in it");
    }
    if (!found.isRegularFile()) {
      throw fault(real, "is no regular file; only those are read");
    }
    if (found.size() > maximum) {
      String lengths = "has " + found.size() + " bytes, more than " + maximum;
      throw fault(real, lengths + "; raise maximumBytes to read it");
    }
    return found;
  }

  /** One byte more than expected tells that it has grown. */
  private static byte[] bytes(Path real, int expected) throws IOException {
    try (InputStream in = Files.newInputStream(real)) {
      return in.readNBytes(expected + 1);
    }
  }

  private static boolean isSame(BasicFileAttributes before, BasicFileAttributes after) {
    return before.size() == after.size()
        && before.lastModifiedTime().equals(after.lastModifiedTime())
        && Objects.equals(before.fileKey(), after.fileKey());
  }

  /**
   * Whether its times tell of every change: they are those of when a write began, and not finer
   * than a clock's tick. What was read twice was there in between.
   */
  private boolean isSettled(BasicFileAttributes found) {
    return time.millis() - found.lastModifiedTime().toMillis() > RECENT_MILLIS;
  }

  private static NoSuchFileException missing(Path file, NoSuchFileException cause) {
    NoSuchFileException told =
        new NoSuchFileException(
            file.toAbsolutePath().toString(), null, "there is no such file; check the path");
    told.initCause(cause);
    return told;
  }

  private static FileSystemException fault(Path file, String why) {
    return new FileSystemException(file.toString(), null, why);
  }
}
