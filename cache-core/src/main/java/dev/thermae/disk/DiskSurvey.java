package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Goes through a folder that others may be using: needs no index, changes nothing, follows no
 * links. What comes or goes meanwhile may be missed, and what it has no permission for is kept
 * apart. Thread-safe.
 */
public final class DiskSurvey {
  private final DiskStore store;
  private final File entries;
  private final UnreadPlaces unread = new UnreadPlaces();

  private DiskSurvey(DiskStore store) {
    this.store = store;
    this.entries = new File(store.root(), "entries");
  }

  /** Goes through an open store, which stays the caller's. */
  public static DiskSurvey of(DiskStore store) {
    return new DiskSurvey(store);
  }

  /** Names of the parts that resources are spread over, at most 256. */
  public List<String> parts() {
    List<String> parts = new ArrayList<>();
    for (String name : unread.names(entries)) {
      if (isFolder(new File(entries, name))) {
        parts.add(name);
      }
    }
    return parts;
  }

  private static boolean isFolder(File file) {
    return Files.isDirectory(file.toPath(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Hands over the resources of one part, and under an empty name files that belong to none. */
  public void resources(String part, Consumer<StoredResource> visitor) {
    File outer = new File(entries, part);
    List<StoredFile> strangers = new ArrayList<>();
    for (String name : unread.names(outer)) {
      File inner = new File(outer, name);
      if (!isFolder(inner)) {
        StoredFile stranger = unread.look(inner, StoredFile.Kind.UNKNOWN);
        if (stranger != null) {
          strangers.add(stranger);
        }
        continue;
      }
      for (Map.Entry<String, List<StoredFile>> entry : EntryListing.in(inner, unread).entrySet()) {
        if (entry.getKey().isEmpty()) {
          strangers.addAll(entry.getValue());
        } else {
          visitor.accept(new StoredResource(store, entry.getKey(), inner, entry.getValue()));
        }
      }
    }
    if (!strangers.isEmpty()) {
      visitor.accept(new StoredResource(store, "", outer, strangers));
    }
  }

  /** The resource of that key as it is now; it has no files where nothing is stored of it. */
  public StoredResource resource(String key) {
    EntryName name = store.name(key);
    List<StoredFile> files =
        EntryListing.in(name.folder(), unread).getOrDefault(name.text(), List.of());
    return new StoredResource(store, name.text(), name.folder(), files);
  }

  /** All files beside those of resources. */
  public List<StoredFile> others() {
    List<StoredFile> files = new ArrayList<>();
    for (String name : unread.names(store.root())) {
      File file = new File(store.root(), name);
      if (file.equals(entries)) {
        continue;
      }
      StoredFile.Kind kind = kindIn(name);
      if (isFolder(file)) {
        for (String inner : unread.names(file)) {
          add(files, new File(file, inner), kind);
        }
      } else {
        add(files, file, kind == StoredFile.Kind.UNKNOWN ? StoredFile.Kind.HOUSEKEEPING : kind);
      }
    }
    for (String name : unread.names(entries)) {
      if (!isFolder(new File(entries, name))) {
        add(files, new File(entries, name), StoredFile.Kind.UNKNOWN);
      }
    }
    return files;
  }

  private static StoredFile.Kind kindIn(String folder) {
    return switch (folder) {
      case "fingerprints" -> StoredFile.Kind.FINGERPRINT;
      case "index", "journal", "usage" -> StoredFile.Kind.INDEX;
      case "temporary" -> StoredFile.Kind.TEMPORARY;
      default -> StoredFile.Kind.UNKNOWN;
    };
  }

  private void add(List<StoredFile> files, File file, StoredFile.Kind kind) {
    StoredFile found = unread.look(file, kind);
    if (found != null) {
      files.add(found);
    }
  }

  /**
   * Folders and files that the methods above could not look into so far, each with the reason: what
   * is below them was neither told nor counted.
   */
  public List<Damage> unread() {
    return unread.all();
  }

  /** In which steps this file system allocates, in bytes. */
  public long blockSize() throws IOException {
    return Math.max(512, Files.getFileStore(store.root().toPath()).getBlockSize());
  }

  /** How the index stands: {@code none}, {@code open}, {@code sealed} or {@code unsealed}. */
  public String indexState() throws IOException {
    if (store.isIndexOwned()) {
      return "open";
    }
    boolean isThere = false;
    for (String name : DiskInspection.names(new File(store.root(), "index"))) {
      isThere |= name.endsWith(".cm");
      if (name.endsWith(".seal")) {
        return "sealed";
      }
    }
    return isThere ? "unsealed" : "none";
  }
}
