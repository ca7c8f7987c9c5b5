package dev.thermae.disk;

import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes things out of a folder that others may be using. A reader that comes across what is gone
 * misses. Thread-safe.
 */
public final class DiskRemoval {
  private final DiskStore store;

  private DiskRemoval(DiskStore store) {
    this.store = store;
  }

  /** Removes from an open store, which stays the caller's. */
  public static DiskRemoval of(DiskStore store) {
    return new DiskRemoval(store);
  }

  /**
   * Invalidates every variant of {@code key} whose request began before {@code time}, in
   * milliseconds, and removes their files; a note of the invalidation stays.
   */
  public void invalidate(String key, long time) throws IOException {
    store.invalidate(key, time);
    EntryName name = store.name(key);
    DiskEntry first = store.read(name, name.head(), key);
    for (File variant : name.variants()) {
      DiskEntry old = store.read(name, variant, key);
      long notBefore = first == null ? Long.MIN_VALUE : first.head().notBefore();
      if (old != null && !store.isValid(old.head(), notBefore)) {
        store.room().delete(variant);
        store.room().deleteGeneration(name, old.head().generation());
      }
    }
  }

  /** Removes code and marks of a resource; the resource stays. */
  public void removeCode(StoredResource resource) throws IOException {
    for (StoredFile file : resource.files()) {
      if (file.kind() == StoredFile.Kind.CODE || file.kind() == StoredFile.Kind.MARKS) {
        delete(file.path());
      }
    }
  }

  /**
   * Removes damaged files of a resource. A head goes with its body: without one of them the other
   * is of no use.
   */
  public void remove(StoredResource resource, List<Damage> found) throws IOException {
    Set<String> bodies = new HashSet<>();
    for (Damage damage : found) {
      boolean ofBody =
          damage.flaw() == Damage.Flaw.BODY || damage.flaw() == Damage.Flaw.BODY_MISSING;
      if (ofBody) {
        bodies.add(String.valueOf(damage.path().getFileName()).replaceFirst("\\.[bz]$", ""));
      }
    }
    for (StoredResource.Head read : resource.again().heads()) {
      EntryHead head = read.head();
      if (head != null && bodies.contains(resource.name() + "." + head.generation())) {
        delete(read.file().path());
        store.room().deleteGeneration(store.name(head.key()), head.generation());
      }
    }
    remove(found);
  }

  /**
   * Removes damaged files, links and the like themselves, never what they lead to. What is signed
   * with a key that was not given stays: it may be as good as new.
   */
  public void remove(List<Damage> found) throws IOException {
    for (Damage damage : found) {
      if (damage.flaw() != Damage.Flaw.FOREIGN) {
        delete(damage.path());
      }
    }
  }

  /** Removes every file of a resource whose heads cannot be read, heads first. */
  public void removeAll(StoredResource resource) throws IOException {
    for (boolean heads : new boolean[] {true, false}) {
      for (StoredFile file : resource.files()) {
        if ((file.kind() == StoredFile.Kind.HEAD) == heads) {
          delete(file.path());
        }
      }
    }
  }

  /** Folders stay, and whatever else cannot be deleted. */
  private void delete(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      store.room().delete(path.toFile());
    }
  }
}
