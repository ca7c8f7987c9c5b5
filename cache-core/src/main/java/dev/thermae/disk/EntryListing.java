package dev.thermae.disk;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of entries in one of the folders that hold them; follows no links. Immutable. */
final class EntryListing {
  /** Digits that the files of an entry begin with. */
  static final int NAME = 32;

  private EntryListing() {}

  /** Whether a file's name begins as those of an entry do. */
  static boolean isNamed(String file) {
    if (file.length() <= NAME || file.charAt(NAME) != '.') {
      return false;
    }
    for (int i = 0; i < NAME; i++) {
      char digit = file.charAt(i);
      if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** By entry, sorted; under the empty name what belongs to none. */
  static Map<String, List<StoredFile>> in(File folder, UnreadPlaces unread) {
    Map<String, List<StoredFile>> entries = new TreeMap<>();
    for (String name : unread.names(folder)) {
      StoredFile file = unread.look(new File(folder, name), StoredFile.kindOf(name));
      if (file != null) {
        String entry = isNamed(name) ? name.substring(0, NAME) : "";
        entries.computeIfAbsent(entry, any -> new ArrayList<>()).add(file);
      }
    }
    return entries;
  }
}
