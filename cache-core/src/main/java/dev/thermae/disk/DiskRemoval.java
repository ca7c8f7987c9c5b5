package dev.thermae.disk;

import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes things out of a folder that others may be using. A reader that comes across what is gone
 * misses. Thread-safe.
 */
public final class DiskRemoval {
  private static final long LOCK_WAIT_NANOS = 2_000_000_000L;
  private static final long PAUSE_NANOS = 10_000_000;

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
   *
   * <p>Where the note cannot be written, as on a full disk, the entry is removed whole, under its
   * lock: what is gone is invalid as well. Only this is lost then: a 200 or 304 that answers a
   * request from before {@code time} and arrives afterwards is stored again.
   *
   * @throws IOException with the path, when the note cannot be written and the entry cannot be
   *     removed, or when a base holds it, which comes to light without a note
   */
  public void invalidate(String key, long time) throws IOException {
    EntryName name = store.name(key);
    try {
      store.invalidate(key, time);
    } catch (IOException e) {
      removeWhole(name, e);
      return;
    }
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

  private void removeWhole(EntryName name, IOException fault) throws IOException {
    for (DiskStore base : store.bases()) {
      if (EntryName.named(base.entries(), name.text()).head().exists()) {
        throw failed(name, fault);
      }
    }
    TimeSource time = store.time();
    Room room = store.room();
    EntryRemoval removal = new EntryRemoval(store, room.blocks(), room.ledger(), time);
    long end = time.nanos() + LOCK_WAIT_NANOS;
    do {
      removal.purge(name);
      if (!name.head().exists() && name.variants().length == 0) {
        store.caretaker().changed(name);
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (time.nanos() - end < 0);
    throw failed(name, fault);
  }

  private static IOException failed(EntryName name, IOException fault) {
    return new IOException("cannot invalidate " + name.head() + ": " + fault.getMessage(), fault);
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
   * Removes damaged files, links and the like themselves, never what they lead to. What could not
   * be checked stays: it may be as good as new.
   */
  public void remove(List<Damage> found) throws IOException {
    for (Damage damage : found) {
      if (!damage.flaw().isUnchecked()) {
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
