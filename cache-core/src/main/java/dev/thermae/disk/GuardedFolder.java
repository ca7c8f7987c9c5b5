package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way down from a cache folder that others may write to a folder inside it, held open on the
 * way, so that nothing that is renamed or linked meanwhile leads out of it.
 *
 * <p>Each step is opened by its name in the open folder above. A link there would be followed, so
 * what was opened is then compared with what bears the name: a link is another file than its
 * target. The name ends in {@code /.}, which no pipe or device can be opened by, and so none is
 * waited for.
 *
 * <p>A new folder is made beside the format's, under a name of its own, given the cache folder's
 * permissions while it is held open, and renamed to its place. It gets neither the set-group-ID bit
 * nor the sticky one: with the latter nobody could replace, and so invalidate, what another user
 * stored. Thread-safe.
 */
final class GuardedFolder {
  private static final int GROUP_AND_OTHERS_WRITE = 0022;
  private static final int ATTEMPTS = 5;

  private final Path top;
  private final @Nullable Object identity;
  private final Set<PosixFilePermission> permissions;
  private final GroupPrincipal group;
  private final boolean shared;

  private GuardedFolder(
      Path top,
      @Nullable Object identity,
      Set<PosixFilePermission> permissions,
      GroupPrincipal group,
      boolean shared) {
    this.top = top;
    this.group = group;
    this.identity = identity;
    this.permissions = permissions;
    this.shared = shared;
  }

  /** Guards the folder {@code top}, which was checked and has no links in its path. */
  static GuardedFolder of(Path top) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(top, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) Files.getAttribute(top, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    boolean shared = (mode & GROUP_AND_OTHERS_WRITE) != 0;
    Set<PosixFilePermission> permissions =
        shared ? attributes.permissions() : PosixFilePermissions.fromString("rwx------");
    return new GuardedFolder(top, attributes.fileKey(), permissions, attributes.group(), shared);
  }

  /** Whether {@code file} lies in it, by its name. */
  boolean holds(Path file) {
    return file.startsWith(top);
  }

  boolean isOf(Path folder) {
    return top.equals(folder);
  }

  /** Whether other users may write it. */
  boolean isShared() {
    return shared;
  }

  /** The permissions of the folder, for a file: what may be executed is left out. */
  Set<PosixFilePermission> filePermissions() {
    Set<PosixFilePermission> all = PosixFilePermissions.fromString("rw-rw-rw-");
    all.retainAll(permissions);
    return all;
  }

  /**
   * Opens {@code folder}, which lies inside.
   *
   * @param create whether missing ones are made
   */
  SecureDirectoryStream<Path> open(Path folder, boolean create) throws IOException {
    SecureDirectoryStream<Path> at = openTop();
    try {
      Path way = top.relativize(folder);
      for (int i = 0; i < way.getNameCount(); i++) {
        SecureDirectoryStream<Path> next = step(at, way.getName(i), create);
        at.close();
        at = next;
      }
      return at;
    } catch (IOException | RuntimeException e) {
      at.close();
      throw e;
    }
  }

  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  private SecureDirectoryStream<Path> openTop() throws IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(top.resolve("."));
    if (!(opened instanceof SecureDirectoryStream)) {
      opened.close();
      throw new IOException("folders cannot be held open here");
    }
    SecureDirectoryStream<Path> stream = (SecureDirectoryStream<Path>) opened;
    if (!Objects.equals(key(stream), identity)) {
      stream.close();
      throw new IOException(top + " is another folder than the one that was checked");
    }
    return stream;
  }

  private SecureDirectoryStream<Path> step(
      SecureDirectoryStream<Path> at, Path name, boolean create) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return child(at, name);
      } catch (NoSuchFileException e) {
        if (!create || attempt == ATTEMPTS) {
          throw e;
        }
        make(at, name);
      }
    }
  }

  /** The folder that bears this very name, and not one that it links to. */
  private SecureDirectoryStream<Path> child(SecureDirectoryStream<Path> at, Path name)
      throws IOException {
    SecureDirectoryStream<Path> opened = at.newDirectoryStream(name.resolve("."));
    try {
      BasicFileAttributes named = named(at, name);
      if (named.isDirectory() && Objects.equals(named.fileKey(), key(opened))) {
        return opened;
      }
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    opened.close();
    throw new IOException(name + " is a link, or was swapped");
  }

  /** What bears the name, links not followed. */
  static BasicFileAttributes named(SecureDirectoryStream<Path> at, Path name) throws IOException {
    return at.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static @Nullable Object key(SecureDirectoryStream<Path> opened) throws IOException {
    return opened.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
  }

  private void make(SecureDirectoryStream<Path> at, Path name) throws IOException {
    Path fresh = Path.of(Generation.random() + ".d");
    try (SecureDirectoryStream<Path> above = openTop()) {
      makePrivate(above, fresh, shared ? permissions : null).close();
      try {
        above.move(fresh, at, name);
      } catch (IOException e) {
        above.deleteDirectory(fresh);
        if (!named(at, name).isDirectory()) {
          throw e;
        }
        // Somebody else made it meanwhile.
      }
    }
  }

  /** A new folder in the open {@code above}, the top: for us alone, then as {@code given} says. */
  private SecureDirectoryStream<Path> makePrivate(
      SecureDirectoryStream<Path> above, Path fresh, @Nullable Set<PosixFilePermission> given)
      throws IOException {
    Path made = top.resolve(fresh);
    Files.createDirectory(
        made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      SecureDirectoryStream<Path> opened = child(above, fresh);
      if (given != null) {
        PosixFileAttributeView view = opened.getFileAttributeView(PosixFileAttributeView.class);
        give(view);
        view.setPermissions(given);
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(made);
      throw e;
    }
  }

  private void give(PosixFileAttributeView view) throws IOException {
    try {
      view.setGroup(group);
    } catch (FileSystemException e) {
      // Not a member of the group: what the permissions say of all others is what counts.
      view.readAttributes();
    }
  }

  /** Makes a file that every user of the folder may write, in {@code at}, unless it is there. */
  void makeShared(SecureDirectoryStream<Path> at, Path name) throws IOException {
    Path fresh = Path.of(Generation.random() + ".d");
    try (SecureDirectoryStream<Path> above = openTop();
        SecureDirectoryStream<Path> own = makePrivate(above, fresh, null)) {
      try {
        own.newByteChannel(name, GuardedFiles.CREATE).close();
        PosixFileAttributeView view =
            own.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        give(view);
        view.setPermissions(filePermissions());
        own.move(name, at, name);
      } finally {
        above.deleteDirectory(fresh);
      }
    }
  }
}
