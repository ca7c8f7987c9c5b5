package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Seal;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Selector;
import dev.thermae.store.StoredEntry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder above others that are only read, such as one that was filled when a container's image
 * was built. Thread-safe.
 *
 * <p>An entry is looked for in the folder first and then in each base, in order. A head in the
 * folder hides the bases' entries of that key whose requests began before its last invalidation;
 * one that cannot be read hides them all. An entry of a base that is marked, attached to or
 * validated is first copied into the folder, head and body, under its generation, and so keeps the
 * code that lies in the base: that is found by the generation. In a base there are no locks,
 * temporaries, marks, index or eviction.
 */
final class LayeredStore extends DiskStore {
  private final List<DiskStore> bases;

  private LayeredStore(
      File root,
      Seal seal,
      Counters counters,
      TimeSource time,
      DiskOptions options,
      List<DiskStore> bases) {
    super(root, seal, counters, time, options);
    this.bases = bases;
  }

  /** Typed as what it extends, so that who opens a folder without bases does not load it. */
  static DiskStore over(
      File root, Seal seal, Counters counters, TimeSource time, DiskOptions options) {
    List<DiskStore> bases = new ArrayList<>();
    for (Path folder : options.bases()) {
      try {
        bases.add(base(folder, seal, counters, time));
      } catch (IOException e) {
        counters.onWarning("A base folder is left out: " + e.getMessage());
      }
    }
    return new LayeredStore(root, seal, counters, time, options, bases);
  }

  /** A store that is closed already: it can be read, and never competes for an index. */
  private static DiskStore base(Path folder, Seal seal, Counters counters, TimeSource time)
      throws IOException {
    Path path = folder.toAbsolutePath().normalize();
    Path inner = path.resolve(FORMAT);
    if (!inner.toFile().isDirectory()) {
      FolderCreation.requireOpen(inner);
      String why = path.toFile().exists() ? "holds nothing of this format" : "does not exist";
      throw FolderCreation.refused(path, why, "fill it first", null);
    }
    File root = CacheFolder.checked(path, inner, CacheFolder.BASE);
    DiskStore base = new DiskStore(root, seal, counters, time, null);
    base.close();
    return base;
  }

  @Override
  List<DiskStore> bases() {
    return bases;
  }

  @Override
  DiskEntry entry(EntryName name, File file, EntryHead head, byte[] digests) {
    return new LayeredEntry(this, name, file, head, digests);
  }

  @Override
  public @Nullable StoredEntry find(String key, @Nullable Selector selector) {
    StoredEntry above = super.find(key, selector);
    if (above != null) {
      return above;
    }
    EntryName name = name(key);
    boolean hides = name.head().exists();
    EntryHead first = hides ? head(name.head(), key) : null;
    if (hides && first == null) {
      return null; // damaged: what it said of invalidations is lost
    }
    for (DiskStore base : bases) {
      DiskEntry found = (DiskEntry) base.find(key, selector);
      if (found != null) {
        return isVisible(found.head(), first, selector) ? new BaseEntry(this, found) : null;
      }
      if (base.name(key).head().exists()) {
        return null; // what lies below is hidden here in the same way
      }
    }
    return null;
  }

  /** The head in a file, reported to nobody: the look-up before this one did. */
  private @Nullable EntryHead head(File file, String key) {
    try {
      EntryHead head = HeadFile.read(file, seal());
      return head == null || !head.key().equals(key) ? null : head;
    } catch (IOException e) {
      return null;
    }
  }

  /** Whether a base's entry counts beside the head above that is looked at first. */
  private boolean isVisible(
      EntryHead base, @Nullable EntryHead first, @Nullable Selector selector) {
    if (first == null) {
      return true;
    }
    if (!isValid(base, first.notBefore())) {
      return false;
    }
    return first.is(EntryHead.TOMBSTONE)
        || (selector != null
            && !base.selecting().isEmpty()
            && selector.selecting(first.selecting()).equals(base.selecting()));
  }

  /**
   * Copies an entry of a base into this folder, under its generation.
   *
   * @return null when something else stands there, or the base's body is damaged
   */
  @Nullable DiskEntry adopt(DiskEntry base) throws IOException {
    byte[] bytes = base.body();
    if (bytes == null) {
      return null;
    }
    try (NewBody body = newBody(base.head().key())) {
      body.write(bytes);
      DiskEntry adopted = (DiskEntry) put(base.head(), body);
      Generation generation = base.head().generation();
      return adopted != null && adopted.head().generation().equals(generation) ? adopted : null;
    }
  }

  /** Code that a base holds for a generation that was copied from it. */
  byte @Nullable [] code(EntryHead head, String slot) throws IOException {
    for (DiskStore base : bases) {
      File file = base.name(head.key()).slot(head.generation(), slot, ".c");
      byte[] code = read(file, MAXIMUM_CODE);
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  @Override
  public @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    if (entry instanceof BaseEntry) {
      DiskEntry adopted = adopt((BaseEntry) entry);
      return adopted == null ? null : super.withHead(adopted, head);
    }
    return super.withHead(entry, head);
  }

  @Override
  public @Nullable Fingerprint fingerprint(String surroundings) {
    Fingerprint known = super.fingerprint(surroundings);
    for (int i = 0; known == null && i < bases.size(); i++) {
      known = bases.get(i).fingerprint(surroundings);
    }
    return known;
  }
}
