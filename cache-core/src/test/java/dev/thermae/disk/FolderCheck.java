package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Seal;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What must be true of a cache folder after every test. */
public final class FolderCheck {
  private FolderCheck() {}

  /** All files below {@code folder}, sorted; others may take some away meanwhile. */
  public static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException fault) throws IOException {
            if (fault instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw fault;
          }
        });
    files.sort(null);
    return files;
  }

  /** The files of entries: heads, bodies, marks and code. */
  public static List<Path> entryFiles(Path folder) throws IOException {
    return files(folder.resolve(DiskStore.FORMAT).resolve("entries"));
  }

  /** Whatever was begun was published or taken away. */
  public static void noTemporaries(Path folder) throws IOException {
    assertThat(files(folder)).noneMatch(file -> file.toString().endsWith(".t"));
  }

  /** The same for a folder with checksums. */
  public static void everyHeadHasItsBody(Path folder) throws IOException {
    everyHeadHasItsBody(folder, Seal.checksum());
  }

  /** Every head opens, and the body that it names is there with its length. */
  static void everyHeadHasItsBody(Path folder, Seal seal) throws IOException {
    for (Path file : entryFiles(folder)) {
      if (file.toString().contains(".h")) {
        EntryHead head = head(Files.readAllBytes(file), seal);
        assertThat(head).as("head %s", file).isNotNull();
        if (!head.is(EntryHead.TOMBSTONE)) {
          String name = file.getFileName().toString().substring(0, 32);
          Path body = file.resolveSibling(name + '.' + head.generation() + ".b");
          assertThat(body).as("body of %s", file).hasSize(head.bodyLength());
        }
      }
    }
  }

  private static EntryHead head(byte[] bytes, Seal seal) {
    SealedFile file =
        SealedFile.open(bytes, DiskEntry.MAGIC, DiskEntry.FORMAT, DiskEntry.SECTIONS, seal);
    return file.rejection() == null ? DiskEntry.head(file, seal) : null;
  }

  /** No file is left open but that of the locks, which never closes; told by Linux only. */
  static void onlyLocksAreOpen(Path folder) throws IOException {
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return;
    }
    try (Stream<Path> all = Files.list(descriptors)) {
      assertThat(all.map(FolderCheck::target).filter(file -> file.startsWith(folder.toString())))
          .allMatch(file -> file.endsWith("/locks"));
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "closed meanwhile";
    }
  }

  /** Deletes a tree. */
  public static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
