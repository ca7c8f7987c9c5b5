package dev.thermae.file;

import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Shows the watcher what is to be watched: the folder alone where only a file in it is. What is
 * gone meanwhile is passed over; a folder that cannot be read ends watching, since changes in it
 * would not be told.
 */
final class WatchedTree implements FileTreeVisitor {
  private final Roots roots;

  WatchedTree(Roots roots) {
    this.roots = roots;
  }

  @Override
  public void recursiveVisitFiles(Path start, Callback onFolder, Callback onFile)
      throws IOException {
    Files.walkFileTree(start, new Walk(onFolder, onFile));
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Callback onFolder;
    private final Callback onFile;

    Walk(Callback onFolder, Callback onFile) {
      this.onFolder = onFolder;
      this.onFile = onFile;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!roots.watchesFolder(folder)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      onFolder.call(folder);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      onFile.call(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
      if (Files.exists(file) && !(fault instanceof NoSuchFileException)) {
        throw fault;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
        throws IOException {
      return fault == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, fault);
    }
  }
}
