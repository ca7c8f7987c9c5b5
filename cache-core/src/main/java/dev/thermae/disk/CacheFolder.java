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
 * made it. The folder itself must be this user's and nobody else's to write. What was put in while
 * it was somebody else's to write cannot be told from what this user put in, so a folder that fails
 * is to be removed, not mended.
 *
 * <p>A folder that others may write, because everything in it is signed, may be anybody's: what
 * lies in it is believed for its seal alone, and {@link GuardedFiles} reads and writes it. The
 * folders above it must be safe all the same.
 *
 * <p>A base, which is only read, must be root's or this user's, and nobody else's to write.
 *
 * <p>Where the file system has no POSIX view {@link AclCheck} is asked.
 */
final class CacheFolder {
  /** Only this user writes it. */
  static final int PRIVATE = 0;

  /** Others may write it. */
  static final int SHARED = 1;

  /** It is not written any more. */
  static final int BASE = 2;

  /** Whether there are folders whose files only {@link GuardedFiles} may touch. */
  static volatile boolean guards;

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
    int trust = shared ? SHARED : PRIVATE;
    if (inner.toFile().isDirectory()) {
      return checked(path, inner, trust);
    }
    return FolderCreation.createChecked(path, inner, trust);
  }

  /** The inner folder, its links resolved, after a check of every component of its path. */
  static File checked(Path path, Path inner, int trust) throws IOException {
    File real;
    try {
      int user = user(inner);
      if (check(inner, path, user, trust)) {
        Path resolved = inner.toRealPath();
        check(resolved, resolved.resolveSibling(".").normalize(), user, trust);
        real = resolved.toFile();
      } else {
        real = inner.toFile();
      }
      if (trust == SHARED) {
        GuardedFiles.guard(real.getParentFile().toPath());
        guards = true;
      }
    } catch (UnsupportedOperationException e) {
      AclCheck.require(inner, path);
      real = inner.toRealPath().toFile();
    }
    return real;
  }

  /** Checks every component down to {@code path}; true when one of them is a symbolic link. */
  static boolean check(Path path, Path root, int user, int trust) throws IOException {
    boolean linked = false;
    boolean loose = false;
    Path component = path.getRoot();
    for (int i = 0; i < path.getNameCount(); i++) {
      component = component.resolve(path.getName(i));
      Map<String, Object> attributes =
          Files.readAttributes(component, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
      int mode = number(attributes, "mode");
      int owner = number(attributes, "uid");
      boolean alone = user != 0 && number(attributes, "gid") == user;
      boolean own = component.startsWith(root);
      boolean foreign = owner != user && (owner != 0 || (own && trust == PRIVATE));
      if ((mode & TYPE) == LINK) {
        if (component.equals(path)) {
          throw FolderCreation.refused(component, "is a symbolic link", "use another", null);
        }
        linked = true;
      } else if ((mode & TYPE) != DIRECTORY) {
        throw FolderCreation.refused(component, "is not a folder", "use another", null);
      }
      if (foreign && (!own || trust != SHARED || loose || (mode & TYPE) == LINK)) {
        throw FolderCreation.foreign(component, owner, own);
      }
      loose = (mode & (alone ? OTHERS_WRITE : GROUP_AND_OTHERS_WRITE)) != 0;
      if (loose && (mode & TYPE) != LINK && (own ? trust != SHARED : (mode & STICKY) == 0)) {
        throw FolderCreation.loose(component, own);
      }
      loose &= !own;
    }
    return linked;
  }

  static int number(Map<String, Object> attributes, String name) throws IOException {
    Object value = attributes.get(name);
    if (value instanceof Integer) {
      return (Integer) value;
    }
    throw new IOException("the file system does not tell the attribute " + name);
  }

  /** This process's user: what /proc says, or whom a new file belongs to. */
  static int user(Path folder) throws IOException {
    Path self = Path.of("/proc/self");
    if (self.toFile().isDirectory()) {
      return (Integer) Files.getAttribute(self, "unix:uid");
    }
    return FolderCreation.user(folder);
  }
}
