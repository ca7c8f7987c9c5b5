package dev.thermae.disk;

import dev.thermae.code.CodeClaim;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of one resource, as one look found them; contents are read when asked for. */
public final class StoredResource {
  private final DiskStore store;
  private final String name;
  private final File folder;
  private final List<StoredFile> files;

  StoredResource(DiskStore store, String name, File folder, List<StoredFile> files) {
    this.store = store;
    this.name = name;
    this.folder = folder;
    this.files = List.copyOf(files);
  }

  /** 32 digits that its files begin with; empty for files that belong to no resource. */
  public String name() {
    return name;
  }

  /** Its files, sorted by name. */
  public List<StoredFile> files() {
    return files;
  }

  /**
   * A head that was read.
   *
   * @param head null when it was refused, or cannot be read
   * @param rejection why it was refused; null when it was not
   */
  public record Head(
      StoredFile file, @Nullable EntryHead head, @Nullable Rejection rejection, String detail) {}

  /** All heads, verified; those that are gone meanwhile are left out. */
  public List<Head> heads() throws IOException {
    List<Head> heads = new ArrayList<>();
    for (StoredFile file : files) {
      if (file.kind() == StoredFile.Kind.HEAD && file.regular()) {
        try {
          byte[] bytes = DiskStore.read(file.path().toFile(), DiskStore.MAXIMUM_HEAD);
          if (bytes != null) {
            heads.add(head(file, bytes));
          }
        } catch (IOException e) {
          heads.add(new Head(file, null, null, "it cannot be read: " + e.getMessage()));
        }
      }
    }
    return heads;
  }

  private Head head(StoredFile file, byte[] bytes) {
    SealedFile sealed = HeadFile.open(bytes, store.seal());
    Rejection rejection = sealed.rejection();
    EntryHead head = rejection == null ? DiskEntry.head(sealed, store.seal()) : null;
    if (head == null && rejection == null) {
      rejection = Rejection.LENGTH;
    }
    return new Head(file, head, rejection, sealed.detail());
  }

  /** The key that its first readable head holds, whether or not it belongs here. */
  public @Nullable String key() throws IOException {
    for (Head head : heads()) {
      if (head.head() != null) {
        return head.head().key();
      }
    }
    return null;
  }

  /** The generation that a body, marks or code are named by. */
  public String generation(StoredFile file) {
    return file.name().substring(EntryListing.NAME + 1, 2 * EntryListing.NAME + 1);
  }

  /** The id of the slot that marks or code are named by. */
  public String slot(StoredFile file) {
    return file.name().substring(2 * EntryListing.NAME + 2, file.name().length() - 2);
  }

  /** The fingerprint that code claims, verified; null when it is refused. */
  public @Nullable Fingerprint fingerprint(StoredFile code, EntryHead head) throws IOException {
    byte[] bytes =
        code.regular() ? DiskStore.read(code.path().toFile(), DiskStore.MAXIMUM_CODE) : null;
    if (bytes == null) {
      return null;
    }
    CodeClaim claim = CodeClaim.read(bytes, store.seal(), null, head.keyHash(), head.generation());
    return claim.rejection() == null ? claim.fingerprint() : null;
  }

  /** Whether a resource of this key has this name and lies here. */
  boolean isPlaceOf(String key) {
    EntryName right = store.name(key);
    return right.text().equals(name) && right.folder().equals(folder);
  }

  /** Where a file of this resource is, or would be. */
  Path path(String end) {
    return new File(folder, name + end).toPath();
  }

  /** The same resource as it is now. */
  StoredResource again() {
    List<StoredFile> now =
        EntryListing.in(folder, new UnreadPlaces()).getOrDefault(name, List.of());
    return new StoredResource(store, name, folder, now);
  }
}
