package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Files of signed stores, whose folder others may write and swap at any moment: what {@link
 * Publisher} and {@link DiskStore#read} do there.
 *
 * <p>What is read is verified by its seal, whatever it was and wherever it lay; so a name need only
 * not be a link, and not hang: files are opened for reading and writing, which waits for no pipe,
 * and those that are not ours to write by a {@link PatientReader}. What is written, renamed and
 * deleted is named within a {@link GuardedFolder}; files are created and never opened again by name
 * to be written, so that there is none to be swapped for a link to somewhere else. Thread-safe.
 */
final class GuardedFiles {
  static final Set<StandardOpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final List<GuardedFolder> FOLDERS = new CopyOnWriteArrayList<>();
  private static final Map<File, SeekableByteChannel> CREATED = new ConcurrentHashMap<>();
  private static final int ATTEMPTS = 3;
  private static final int MOST_MARKS = 1 << 10;
  private static final long CLOCK_SLACK_MILLIS = 2_000;

  private GuardedFiles() {}

  /** From now on everything below {@code top} is guarded. */
  static void guard(Path top) throws IOException {
    FOLDERS.removeIf(known -> known.isOf(top));
    FOLDERS.add(GuardedFolder.of(top));
  }

  private static @Nullable GuardedFolder around(File file) {
    Path path = file.toPath();
    for (GuardedFolder folder : FOLDERS) {
      if (folder.holds(path)) {
        return folder;
      }
    }
    return null;
  }

  /** Whether {@code file} lies in a folder that is guarded. */
  static boolean holds(File file) {
    return around(file) != null;
  }

  /** As {@link DiskStore#read}; a thread that was interrupted stays so and reads all the same. */
  static byte @Nullable [] read(File file, long maximum) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return readOnce(file, maximum);
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
          if (attempt == ATTEMPTS) {
            throw e;
          }
        } catch (NoSuchFileException e) {
          return null;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static byte[] readOnce(File file, long maximum) throws IOException {
    Path path = file.toPath();
    requireFile(path);
    try (SeekableByteChannel in = Files.newByteChannel(path, READ)) {
      return all(in, maximum);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // Another user's, or a link by now: looked at again, and then opened by who can wait.
      requireFile(path);
      return PatientReader.read(path, maximum);
    }
  }

  /** Opens what can be opened without waiting for another user's pipe. */
  static SeekableByteChannel open(Path path) throws IOException {
    requireFile(path);
    return Files.newByteChannel(path, READ);
  }

  private static void requireFile(Path path) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw new IOException(path + " is a link, a pipe or a device, and not a file");
    }
  }

  /** All bytes, or none where there are more than {@code maximum} or than fit. */
  static byte[] all(SeekableByteChannel in, long maximum) throws IOException {
    long length = in.size();
    if (length > maximum || length > DiskStore.LARGEST_ARRAY) {
      return new byte[0];
    }
    byte[] bytes;
    try {
      bytes = new byte[(int) length];
    } catch (OutOfMemoryError e) {
      throw new IOException("a file of " + length + " bytes does not fit into memory", e);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int count = 0;
    while (buffer.position() < bytes.length && count >= 0) {
      buffer.limit(Math.min(buffer.position() + DiskStore.PIECE, bytes.length));
      count = in.read(buffer);
    }
    int read = buffer.position();
    return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
  }

  /** A new file in {@code folder}, which {@link #output} opens; null when it is not guarded. */
  static @Nullable File temporary(File folder) throws IOException {
    GuardedFolder guarded = around(folder);
    if (guarded == null) {
      return null;
    }
    Path name = Path.of(Generation.random() + ".t");
    try (SecureDirectoryStream<Path> at = guarded.open(folder.toPath(), true)) {
      File file = new File(folder, name.toString());
      CREATED.put(file, at.newByteChannel(name, CREATE));
      return file;
    }
  }

  /** What was created by {@link #temporary}, open since; null for any other file. */
  static @Nullable OutputStream output(File temporary) {
    SeekableByteChannel channel = CREATED.remove(temporary);
    return channel == null ? null : Channels.newOutputStream(channel);
  }

  /** Renames; false when the file is not guarded. */
  static boolean move(File from, File to) throws IOException {
    GuardedFolder guarded = around(from);
    if (guarded == null) {
      return false;
    }
    for (int attempt = 1; ; attempt++) {
      try (SecureDirectoryStream<Path> source = guarded.open(from.getParentFile().toPath(), false);
          SecureDirectoryStream<Path> target = guarded.open(to.getParentFile().toPath(), true)) {
        source.move(Path.of(from.getName()), target, Path.of(to.getName()));
        return true;
      } catch (NoSuchFileException e) {
        // The folder may have been replaced by whoever made it at the same time.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Deletes a guarded file that may be gone already; true when it is gone by this call. */
  static boolean delete(File file) {
    GuardedFolder guarded = around(file);
    if (guarded == null) {
      return false;
    }
    SeekableByteChannel channel = CREATED.remove(file);
    try (channel;
        SecureDirectoryStream<Path> at = guarded.open(file.getParentFile().toPath(), false)) {
      at.deleteFile(Path.of(file.getName()));
      return true;
    } catch (IOException e) {
      return false; // it is gone, or stays: nobody believes what lies there
    }
  }

  /** Makes a folder and its parents; false when it is not guarded. */
  static boolean folder(File folder) throws IOException {
    GuardedFolder guarded = around(folder);
    if (guarded == null) {
      return false;
    }
    guarded.open(folder.toPath(), true).close();
    return true;
  }

  /**
   * One more mark: to be published anew with another byte, because what is opened to be appended to
   * might be a link to somebody's file; null when it is not guarded.
   */
  static byte @Nullable [] marks(File marks, boolean anew, byte mark) {
    if (around(marks) == null) {
      return null;
    }
    long count = anew ? 0 : Math.min(marks.length(), MOST_MARKS);
    byte[] bytes = new byte[(int) count + 1];
    bytes[bytes.length - 1] = mark;
    return bytes;
  }

  /**
   * A mark's time is the file system's, unless the cache's clock is not the machine's, as in tests.
   */
  static void markedAt(File marks, long now) throws IOException {
    if (Math.abs(TimeSource.SYSTEM.millis() - now) > CLOCK_SLACK_MILLIS
        && !touch(marks, now)
        && marks.exists()) {
      throw new IOException("cannot set the time of " + marks);
    }
  }

  /** Sets the time of a file and of nothing that a link leads to; a pipe would be waited for. */
  static boolean touch(File file, long now) {
    try {
      if (!Files.isRegularFile(file.toPath(), LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      Files.getFileAttributeView(
              file.toPath(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(FileTime.fromMillis(now), null, null);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Makes the file that all processes lock, unless it is there; false when it is not guarded. */
  static boolean locks(File file) throws IOException {
    GuardedFolder guarded = around(file);
    if (guarded == null) {
      return false;
    }
    Path name = Path.of(file.getName());
    try (SecureDirectoryStream<Path> at = guarded.open(file.getParentFile().toPath(), true)) {
      for (int attempt = 1; ; attempt++) {
        try {
          if (!GuardedFolder.named(at, name).isRegularFile()) {
            throw new IOException(file + " is a link, a pipe or a device, and not a file");
          }
          return true;
        } catch (NoSuchFileException e) {
          if (attempt == ATTEMPTS) {
            throw e;
          }
          create(guarded, at, name);
        }
      }
    }
  }

  private static void create(GuardedFolder guarded, SecureDirectoryStream<Path> at, Path name)
      throws IOException {
    if (guarded.isShared()) {
      guarded.makeShared(at, name);
      return;
    }
    try {
      at.newByteChannel(name, CREATE).close();
    } catch (FileAlreadyExistsException e) {
      return; // somebody else was quicker
    }
  }
}
