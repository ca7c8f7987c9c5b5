package dev.thermae.file;

import dev.thermae.disk.MountKind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files and folders to watch, as they were found. What is not there yet is waited for in the
 * nearest folder above it that is. Immutable.
 */
final class Roots {
  private final List<Root> roots;

  private Roots(List<Root> roots) {
    this.roots = roots;
  }

  /**
   * Looks them up; a path that is no folder is a file, until a folder is there.
   *
   * @throws WatchStoppedException when changes of one of them are not told
   */
  static Roots of(List<Path> paths) throws IOException {
    List<Root> found = new ArrayList<>();
    for (Path path : paths) {
      found.add(told(Root.of(path.toAbsolutePath())));
    }
    return new Roots(List.copyOf(found));
  }

  /** Looks the same up again: what was a folder, or in one, has to be so. */
  Roots again() throws IOException {
    List<Root> found = new ArrayList<>();
    for (Root root : roots) {
      found.add(told(root.again()));
    }
    return new Roots(List.copyOf(found));
  }

  private static Root told(Root root) throws IOException {
    String type = Files.getFileStore(root.folder).type();
    if (!MountKind.tellsChanges(type)) {
      throw new WatchStoppedException(
          WatchFault.SILENT_FILE_SYSTEM,
          root.folder + " lies on a file system that does not tell of changes: " + type,
          null);
    }
    return root;
  }

  /** The folders to begin with, once each. */
  List<Path> folders() {
    return roots.stream().map(root -> root.folder).filter(this::isTop).distinct().toList();
  }

  private boolean isTop(Path folder) {
    return roots.stream()
        .noneMatch(
            root ->
                root.isWhole() && !root.folder.equals(folder) && folder.startsWith(root.folder));
  }

  /** Whether what happens in {@code folder} is to be told. */
  boolean watchesFolder(Path folder) {
    for (Root root : roots) {
      if (root.isWhole() ? folder.startsWith(root.folder) : folder.equals(root.folder)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file at this real path is one of those asked for. */
  boolean holds(Path real) {
    for (Root root : roots) {
      boolean isIt = !root.waits() && real.equals(root.real);
      if (root.isWhole() ? real.startsWith(root.folder) : isIt) {
        return true;
      }
    }
    return false;
  }

  /** Whether something at this real path is what is waited for, or leads to it. */
  boolean arrives(Path real) {
    for (Root root : roots) {
      boolean leads = root.waits() && root.real.startsWith(real);
      if (leads || !root.isWhole() && root.real.equals(real) && Files.isDirectory(real)) {
        return true;
      }
    }
    return false;
  }

  /** What is not there yet, each with the folder in which it is waited for, in words. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (Root root : roots) {
      if (!root.isWhole() && !Files.exists(root.given)) {
        missing.add("nothing is at " + root.given + " yet; it is waited for in " + root.folder);
      }
    }
    return missing;
  }

  /** Files that nobody was told of, since the same roots did not hold them {@code before}. */
  List<Path> arrived(Roots before) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < roots.size(); i++) {
      Root now = roots.get(i);
      Root then = before.roots.get(i);
      if (now.isWhole() && !then.isWhole()) {
        Files.walkFileTree(now.folder, new FilesBelow(files));
      } else if (then.waits() && !now.waits() && Files.isRegularFile(now.real)) {
        files.add(now.real);
      }
    }
    return files;
  }

  /** Collects regular files; what is gone meanwhile, or cannot be read, is passed over. */
  private static final class FilesBelow extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    FilesBelow(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException fault) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault) {
      return FileVisitResult.CONTINUE;
    }
  }

  /**
   * Whether every change of what {@code given} leads to is told: it is asked for, and no link lies
   * between the watched folder and the file.
   */
  boolean watches(Path given, Path real) {
    if (!holds(real)) {
      return false;
    }
    if (given.equals(real)) {
      return true;
    }
    for (Root root : roots) {
      if (given.startsWith(root.given)
          && root.real.resolve(root.given.relativize(given)).equals(real)) {
        return true;
      }
      if (!root.isWhole() && given.equals(root.given) && real.equals(root.real)) {
        return true;
      }
    }
    return false;
  }

  /** Whether all paths still lead to the folders they led to; looks at each. */
  boolean stand() {
    for (Root root : roots) {
      try {
        Root now = root.again();
        if (now.isWhole() != root.isWhole()
            || !now.folder.equals(root.folder)
            || !Objects.equals(now.identity, root.identity)) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return roots.stream().map(root -> root.given).toList().toString();
  }

  /**
   * One of them.
   *
   * @param given as the caller named it, absolute
   * @param real the same without links above the file, or in the whole path of a folder
   * @param folder what is watched: itself, the folder of a file, or one above that is there
   * @param identity of that folder; null where the system has none
   */
  private record Root(Path given, Path real, Path folder, @Nullable Object identity) {
    static Root of(Path given) throws IOException {
      Path there = given;
      while (!Files.isDirectory(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return in(there, given);
    }

    private static Root in(Path there, Path given) throws IOException {
      Path folder = there.toRealPath();
      Path real = there.equals(given) ? folder : folder.resolve(there.relativize(given));
      Object identity = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
      return new Root(given, real, folder, identity);
    }

    /** As it is now. */
    Root again() throws IOException {
      Path above = given.getParent();
      if (isWhole() || above == null) {
        return in(given, given);
      }
      return waits() || Files.isDirectory(given) ? of(given) : in(above, given);
    }

    /** Whether the folder that it is to be in is not there yet. */
    boolean waits() {
      return !isWhole() && !folder.equals(real.getParent());
    }

    /** A folder and all below it. */
    boolean isWhole() {
      return real.equals(folder);
    }
  }
}
