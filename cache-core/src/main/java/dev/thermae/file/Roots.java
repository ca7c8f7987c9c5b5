package dev.thermae.file;

import dev.thermae.disk.MountKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The files and folders to watch, as they were found. Immutable. */
final class Roots {
  private final List<Root> roots;

  private Roots(List<Root> roots) {
    this.roots = roots;
  }

  /**
   * Looks them up; a path that is no folder is a file, which need not be there.
   *
   * @throws WatchStoppedException when changes of one of them are not told
   */
  static Roots of(List<Path> paths) throws IOException {
    List<Root> found = new ArrayList<>();
    for (Path path : paths) {
      Path given = path.toAbsolutePath();
      found.add(told(Root.of(given, Files.isDirectory(given))));
    }
    return new Roots(List.copyOf(found));
  }

  /** Looks the same up again: what was a folder has to be one. */
  Roots again() throws IOException {
    List<Root> found = new ArrayList<>();
    for (Root root : roots) {
      found.add(told(Root.of(root.given, root.isWhole())));
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
      if (root.isWhole() ? real.startsWith(root.folder) : real.equals(root.real)) {
        return true;
      }
    }
    return false;
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
        Root now = Root.of(root.given, root.isWhole());
        if (!now.folder.equals(root.folder) || !Objects.equals(now.identity, root.identity)) {
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
   * @param folder what is watched: itself, or the folder of a file
   * @param identity of that folder; null where the system has none
   */
  private record Root(Path given, Path real, Path folder, @Nullable Object identity) {
    static Root of(Path given, boolean whole) throws IOException {
      Path above = given.getParent();
      Path start = whole || above == null ? given : above;
      Path folder = start.toRealPath();
      Path name = given.getFileName();
      Path real = whole || name == null ? folder : folder.resolve(name);
      Object identity = Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
      return new Root(given, real, folder, identity);
    }

    /** A folder and all below it. */
    boolean isWhole() {
      return real.equals(folder);
    }
  }
}
