package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Looks into folders, and keeps what it could not look into, with the reasons. Thread-safe. */
final class UnreadPlaces {
  private final Map<Path, String> reasons = new ConcurrentSkipListMap<>();

  /** Names in a folder, sorted; none where there is no folder, or it is kept as unread. */
  List<String> names(File folder) {
    List<String> names = DiskInspection.names(folder);
    String reason = names.isEmpty() ? reason(folder.toPath()) : null;
    if (reason != null) {
      reasons.put(folder.toPath(), reason);
    }
    return names;
  }

  /** Null for what can be listed, and for what is not there. */
  private static @Nullable String reason(Path folder) {
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(folder)) {
      return opened == null ? "it cannot be listed" : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return words(e);
    }
  }

  /** Null when it is gone, or kept as unread. */
  @Nullable StoredFile look(File file, StoredFile.Kind kind) {
    try {
      return StoredFile.look(file, kind);
    } catch (IOException e) {
      reasons.put(file.toPath(), words(e));
      return null;
    }
  }

  /** All so far, sorted. */
  List<Damage> all() {
    return reasons.entrySet().stream()
        .map(place -> new Damage(place.getKey(), Damage.Flaw.UNREADABLE, null, place.getValue()))
        .toList();
  }

  private static String words(IOException fault) {
    if (fault instanceof AccessDeniedException) {
      return "no permission";
    }
    return fault instanceof NotDirectoryException ? "it is not a folder" : fault.toString();
  }
}
