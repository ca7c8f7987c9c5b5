package dev.thermae.http.compile;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The folder of a worker's own, where it runs and keeps what is temporary. Stateless. */
final class WorkerFolder {
  private static final String PREFIX = "thermae-compile-";

  private WorkerFolder() {}

  /** A new one that only this user can enter. */
  static Path create() throws IOException {
    return Files.createTempDirectory(PREFIX).toRealPath();
  }

  /** Removes it with all in it, links not followed; what cannot be removed stays. */
  static void remove(Path folder) {
    if (!String.valueOf(folder.getFileName()).startsWith(PREFIX)) {
      return; // none of ours, whatever the command line says
    }
    try {
      Files.walkFileTree(folder, new Removal());
    } catch (IOException e) {
      System.getLogger("dev.thermae")
          .log(System.Logger.Level.DEBUG, "a compile worker's folder stays: " + e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes known) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    /** Gone meanwhile, since the worker removes it as well. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException fault) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
