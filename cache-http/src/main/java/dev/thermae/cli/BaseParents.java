package dev.thermae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The folders above one that is to be a base, as they were before it was made. Immutable. */
final class BaseParents {
  private final List<Path> missing = new ArrayList<>();
  private final List<Path> there = new ArrayList<>();

  private BaseParents() {}

  /** Looks at all folders above {@code folder}. */
  static BaseParents of(Path folder) {
    BaseParents parents = new BaseParents();
    Path at = folder.toAbsolutePath().normalize().getParent();
    for (; at != null; at = at.getParent()) {
      (Files.exists(at) ? parents.there : parents.missing).add(at);
    }
    return parents;
  }

  /** Opens those that were missing for everybody; answers those that others cannot pass. */
  List<Path> open() throws IOException {
    List<Path> closed = new ArrayList<>();
    for (Path path : missing) {
      if (isPosix(path)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    for (Path path : there) {
      boolean passable =
          !isPosix(path)
              || Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE);
      if (!passable) {
        closed.add(path);
      }
    }
    return closed;
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
