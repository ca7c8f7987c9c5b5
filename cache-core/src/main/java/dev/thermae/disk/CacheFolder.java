package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder of a disk tier: whether it can be trusted.
 *
 * <p>Every component of its path below the root must belong to this user or to root and must not be
 * writable by others, sticky folders excepted; a symbolic link counts only where this user or root
 * made it. The folder itself must be this user's and nobody else's to write. Where the file system
 * has no POSIX view nothing of this is checked.
 */
final class CacheFolder {
  private static final int TYPE = 0xF000;
  private static final int LINK = 0xA000;
  private static final int DIRECTORY = 0x4000;
  private static final int STICKY = 0x200;
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_AND_OTHERS_WRITE = 0022;

  private CacheFolder() {}

  /**
   * Opens {@code folder}, created with mode 0700 where it is missing, and its part for {@code
   * format}.
   *
   * @param shared whether others may write it, because everything in it is signed
   * @throws FolderRefusedException saying which component is at fault and what to do
   */
  static File open(Path folder, String format, boolean shared) throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    Path inner = path.resolve(format);
    if (inner.toFile().isDirectory()) {
      return checked(path, inner, shared);
    }
    FolderCreation.create(path);
    FolderCreation.create(inner);
    try {
      return checked(path, inner, shared);
    } catch (IOException e) {
      Files.delete(inner);
      throw e;
    }
  }

  private static File checked(Path path, Path inner, boolean shared) throws IOException {
    try {
      int user = user(inner);
      if (check(inner, path, user, shared)) {
        Path real = inner.toRealPath();
        check(real, real.resolveSibling(".").normalize(), user, shared);
        return real.toFile();
      }
      return inner.toFile();
    } catch (UnsupportedOperationException e) {
      return inner.toRealPath().toFile();
    }
  }

  /** Checks every component down to {@code path}; true when one of them is a symbolic link. */
  private static boolean check(Path path, Path root, int user, boolean shared) throws IOException {
    boolean linked = false;
    Path component = path.getRoot();
    for (int i = 0; i < path.getNameCount(); i++) {
      component = component.resolve(path.getName(i));
      Map<String, Object> attributes =
          Files.readAttributes(component, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
      int mode = number(attributes, "mode");
      int owner = number(attributes, "uid");
      boolean alone = user != 0 && number(attributes, "gid") == user;
      boolean own = component.startsWith(root);
      if (owner != user && (own || owner != 0)) {
        throw FolderCreation.refused(
            component, "belongs to user " + owner, "chown it or use another", null);
      }
      if ((mode & TYPE) == LINK) {
        if (component.equals(path)) {
          throw FolderCreation.refused(component, "is a symbolic link", "use another", null);
        }
        linked = true;
      } else if ((mode & TYPE) != DIRECTORY) {
        throw FolderCreation.refused(component, "is not a folder", "use another", null);
      } else if ((mode & (alone ? OTHERS_WRITE : GROUP_AND_OTHERS_WRITE)) != 0
          && !shared
          && (own || (mode & STICKY) == 0)) {
        throw FolderCreation.refused(
            component, "is writable by others", "chmod go-w it or use another", null);
      }
    }
    return linked;
  }

  private static int number(Map<String, Object> attributes, String name) throws IOException {
    Object value = attributes.get(name);
    if (value instanceof Integer) {
      return (Integer) value;
    }
    throw new IOException("the file system does not tell the attribute " + name);
  }

  /** This process's user: what /proc says, or whom a new file belongs to. */
  private static int user(Path folder) throws IOException {
    Path self = Path.of("/proc/self");
    if (self.toFile().isDirectory()) {
      return (Integer) Files.getAttribute(self, "unix:uid");
    }
    return FolderCreation.user(folder);
  }
}
