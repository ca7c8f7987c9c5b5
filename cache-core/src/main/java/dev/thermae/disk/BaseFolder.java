package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders that are only read, below the one that is written: how one is made, and named. */
public final class BaseFolder {
  private static final List<String> WORKING = List.of("temporary", "index", "journal");
  private static final List<String> FILES = List.of("locks", "usage");

  private BaseFolder() {}

  /**
   * Makes a base of a folder that was filled and that no process uses: what only a writer needs is
   * removed, the rest becomes readable for everybody and writable for nobody.
   *
   * @throws IOException when the folder holds nothing, or something in it is a link
   */
  public static void finish(Path folder) throws IOException {
    Path root = folder.toAbsolutePath().normalize().resolve(DiskStore.FORMAT);
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      throw FolderCreation.refused(folder, "holds nothing of this format", "fill it first", null);
    }
    for (String name : WORKING) {
      for (String file : DiskInspection.names(root.resolve(name).toFile())) {
        Files.deleteIfExists(root.resolve(name).resolve(file));
      }
      Files.deleteIfExists(root.resolve(name));
    }
    for (String name : FILES) {
      Files.deleteIfExists(root.resolve(name));
    }
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(root)) {
      all = new ArrayList<>(found.toList());
    }
    all.add(folder);
    for (Path path : all) {
      if (Files.isSymbolicLink(path)) {
        throw FolderCreation.refused(path, "is a symbolic link", "remove it", null);
      }
      String mode = Files.isDirectory(path) ? "r-xr-xr-x" : "r--r--r--";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }

  /**
   * The same options; where they name no bases, with those in a list, but for the folder itself.
   */
  static DiskOptions below(Path folder, @Nullable DiskOptions options, String list) {
    DiskOptions known = options == null ? DiskOptions.DEFAULTS : options;
    if (!known.bases().isEmpty()) {
      return known;
    }
    List<Path> others = new ArrayList<>();
    Path own = folder.toAbsolutePath().normalize();
    for (Path base : named(list)) {
      if (!base.toAbsolutePath().normalize().equals(own)) {
        others.add(base);
      }
    }
    return known.bases(others);
  }

  /** The folders in a list such as {@code THERMAE_BASE} holds, in its order. */
  static List<Path> named(String list) {
    List<Path> folders = new ArrayList<>();
    int from = 0;
    for (int to = 0; to <= list.length(); to++) {
      if (to == list.length() || list.charAt(to) == File.pathSeparatorChar) {
        if (to > from) {
          folders.add(Path.of(list.substring(from, to)));
        }
        from = to + 1;
      }
    }
    return folders;
  }
}
