package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** One walk through all entries of a folder, that sums up as it goes. Used by one thread, once. */
final class FolderWalk {
  private final Blocks blocks;
  private long bytes;
  private long entries;

  FolderWalk(Blocks blocks) {
    this.blocks = blocks;
  }

  /** What is done with an entry. */
  interface Visitor {
    /** {@code size} is what its files take. */
    void visit(EntryFiles entry, long size) throws IOException;
  }

  /** What is done between two folders, to leave the machine to others for a while. */
  interface Pause {
    /** Done after each of a few hundred parts; false to end the walk. */
    boolean rest();
  }

  /** Visits everything below {@code folder}, two levels down; false when it was ended early. */
  boolean walk(File folder, Visitor visitor, Pause pause) throws IOException {
    for (File outer : list(folder)) {
      if (isLink(outer)) {
        continue;
      }
      bytes += blocks.ofFolder(outer.length());
      for (File inner : list(outer)) {
        for (EntryFiles entry : isLink(inner) ? List.<EntryFiles>of() : EntryFiles.in(inner)) {
          long size = entry.bytes(blocks);
          bytes += size;
          entries += entry.hasHead() ? 1 : 0;
          visitor.visit(entry, size);
        }
        bytes += blocks.ofFolder(inner.length());
      }
      if (!pause.rest()) {
        return false;
      }
    }
    return true;
  }

  /** Adds everything below {@code folder} but what {@link #walk} visits. */
  void addOthers(File folder, File visited) {
    bytes += blocks.ofFolder(folder.length());
    for (File file : list(folder)) {
      if (isLink(file)) {
        continue;
      }
      if (file.equals(visited)) {
        bytes += blocks.ofFolder(file.length());
      } else if (file.isDirectory()) {
        addOthers(file, visited);
      } else {
        bytes += blocks.of(file.length());
      }
    }
  }

  long bytes() {
    return bytes;
  }

  long entries() {
    return entries;
  }

  /** What a link leads to is nobody's business here. */
  private static boolean isLink(File file) {
    return Files.isSymbolicLink(file.toPath());
  }

  static File[] list(File folder) {
    File[] files = folder.listFiles();
    return files == null ? new File[0] : files;
  }
}
