package dev.thermae.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Makes cache folders with mode 0700, and says what is wrong with those that cannot be used. */
final class FolderCreation {
  private FolderCreation() {}

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
}
