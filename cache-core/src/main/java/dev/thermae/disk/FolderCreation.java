package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where the cache folder is by default; makes cache folders with mode 0700, and says what is wrong
 * with those that cannot be used.
 */
final class FolderCreation {
  private FolderCreation() {}

  /** {@code THERMAE_DIR}, else the folder {@code thermae} in this platform's cache home. */
  static Path byDefault() {
    String chosen = System.getenv("THERMAE_DIR");
    if (chosen != null && !chosen.isEmpty()) {
      return Path.of(chosen);
    }
    String system = System.getProperty("os.name", "");
    String home = System.getProperty("user.home", ".");
    if (system.startsWith("Windows")) {
      String local = System.getenv("LOCALAPPDATA");
      return Path.of(local != null ? local : home, "thermae");
    }
    if (system.startsWith("Mac")) {
      return Path.of(home, "Library", "Caches", "thermae");
    }
    String cacheHome = System.getenv("XDG_CACHE_HOME");
    return cacheHome != null && cacheHome.startsWith("/")
        ? Path.of(cacheHome, "thermae")
        : Path.of(home, ".cache", "thermae");
  }

  /**
   * Creates a cache folder and its {@code inner} one, for this user alone, and checks them: what is
   * there of its path before anything is made in it, and all of it afterwards.
   */
  static File createChecked(Path path, Path inner, int trust) throws IOException {
    requireOpen(inner);
    Path there = existing(path);
    if (Files.isDirectory(there)) {
      checkExisting(there, path, inner, trust);
    }
    create(path);
    createInner(path, inner, trust);
    try {
      MountKind.requireLocal(inner, trust);
      return CacheFolder.checked(path, inner, trust);
    } catch (IOException e) {
      if (!inner.toFile().delete() && inner.toFile().exists()) {
        e.addSuppressed(new IOException(inner + " stays, as it is in use"));
      }
      throw e;
    }
  }

  private static Path existing(Path path) {
    Path there = path;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  /** False when there is nothing at {@code folder}, and one could be made there. */
  static boolean isNothingYet(Path folder, boolean shared) throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    Path inner = path.resolve(DiskStore.FORMAT);
    requireOpen(inner);
    Path there = existing(path);
    if (!Files.isDirectory(there)) {
      throw refused(there, "is not a folder", "use another", null);
    }
    checkExisting(there, path, inner, shared ? CacheFolder.SHARED : CacheFolder.PRIVATE);
    return false;
  }

  /** Refuses a folder that lies in one which this user may not search, naming that one. */
  static void requireOpen(Path folder) throws IOException {
    Path component = folder.getRoot();
    for (int i = 0; component != null && i < folder.getNameCount() - 1; i++) {
      component = component.resolve(folder.getName(i));
      if (Files.isDirectory(component) && !Files.isExecutable(component)) {
        String remedy = "use another, or run as a user who may search it";
        throw new FolderRefusedException("no permission on " + component + ": " + remedy, null);
      }
    }
  }

  /** In a folder of several users, with that folder's permissions; else for this user alone. */
  private static void createInner(Path path, Path inner, int trust) throws IOException {
    if (trust == CacheFolder.SHARED
        && path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Path real = path.toRealPath();
      GuardedFiles.guard(real);
      GuardedFiles.folder(real.resolve(inner.getFileName()).toFile());
    } else {
      create(inner);
    }
  }

  private static void checkExisting(Path there, Path path, Path inner, int trust)
      throws IOException {
    try {
      int user = CacheFolder.user(there);
      Path real = there.toRealPath();
      try {
        CacheFolder.check(inner, path, user, trust);
      } catch (NoSuchFileException e) {
        // All above what is missing was checked, but for what links lead to.
        CacheFolder.check(real, there.equals(path) ? real : path, user, trust);
      }
    } catch (UnsupportedOperationException e) {
      AclCheck.require(there, path);
    }
  }

  /** Somebody else's; whatever is in our own folder is theirs as well. */
  static IOException foreign(Path component, int owner, boolean own) {
    String remedy = own ? "remove it or use another; " : "use another; ";
    return FolderRefusedException.foreign(
        component + " belongs to user " + owner, remedy + "a chown would leave what they put in");
  }

  /** Others may write it. */
  static IOException loose(Path component, boolean own) {
    String remedy =
        own
            ? "remove it or use another; a chmod go-w would leave what they put in"
            : "chmod go-w it or use another";
    return refused(component, "is writable by others", remedy, null);
  }

  static void create(Path folder) throws IOException {
    if (folder.toFile().isDirectory()) {
      return;
    }
    try {
      createAll(folder);
    } catch (IOException e) {
      Path culprit = folder;
      while (!culprit.toFile().exists() && culprit.getParent() != null) {
        culprit = culprit.getParent();
      }
      if (!culprit.toFile().isDirectory()) {
        throw refused(culprit, "is not a folder", remedy(folder), e);
      }
      String why = e instanceof AccessDeniedException ? "no permission on " + culprit : said(e);
      throw refused(folder, "cannot be created (" + why + ")", remedy(folder), e);
    }
  }

  private static String said(IOException fault) {
    return String.valueOf(fault.getMessage());
  }

  /** Whoever named a folder names another one there. */
  private static String remedy(Path folder) {
    boolean named = !folder.equals(byDefault().toAbsolutePath().normalize());
    return named ? "use another" : "name another one with THERMAE_DIR";
  }

  /** Creates a folder and its missing parents, each with mode 0700 where there are modes. */
  static void createAll(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  /** Typed loosely, so that who throws it does not load the class before it is thrown. */
  static IOException refused(
      Path component, String fault, String remedy, @Nullable Throwable cause) {
    return new FolderRefusedException(component + " " + fault + ": " + remedy, cause);
  }

  /** This process's user: whom a new file belongs to. */
  static int user(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "owner", ".t");
    try {
      return (Integer) Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
  }
}
