package dev.thermae.disk;

import java.io.IOException;
import java.nio.file.Files;
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
        throw refused(culprit, "is not a folder", "name another one with THERMAE_DIR", e);
      }
      String fault = "cannot be created (" + e.getMessage() + ")";
      throw refused(folder, fault, "name another one with THERMAE_DIR", e);
    }
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
