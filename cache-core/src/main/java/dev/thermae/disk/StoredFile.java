package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file in a store's folder, as one look found it; links are not followed. Immutable.
 *
 * @param kind by its name and place
 * @param bytes its length
 * @param modified milliseconds
 * @param regular whether it is a file, and not a folder, a link, a pipe or a device
 */
public record StoredFile(Path path, Kind kind, long bytes, long modified, boolean regular) {

  /** What a file's name and place say of it. */
  public enum Kind {
    /** The head of a variant. */
    HEAD,
    /** A body. */
    BODY,
    /** The marks of a slot. */
    MARKS,
    /** The code of a slot. */
    CODE,
    /** A recorded fingerprint. */
    FINGERPRINT,
    /** Part of an index, or of what it is built from. */
    INDEX,
    /** A file on its way. */
    TEMPORARY,
    /** Locks and other files of the format's own folder. */
    HOUSEKEEPING,
    /** A name that this version of the format does not give. */
    UNKNOWN
  }

  /** Null when it is gone. */
  static @Nullable StoredFile look(File file, Kind kind) throws IOException {
    Path path = file.toPath();
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new StoredFile(
          path, kind, found.size(), found.lastModifiedTime().toMillis(), found.isRegularFile());
    } catch (AccessDeniedException e) {
      throw e; // of the folder, so that nothing can be said of the file
    } catch (IOException e) {
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return null;
    }
  }

  /** By the name of a file that lies with an entry's. */
  static Kind kindOf(String name) {
    if (!EntryListing.isNamed(name)) {
      return Kind.UNKNOWN;
    }
    String rest = name.substring(EntryListing.NAME);
    if (rest.equals(".h") || rest.matches("\\.h\\.[0-9a-f]{16}")) {
      return Kind.HEAD;
    }
    if (rest.matches("\\.[0-9a-f]{32}\\.[bz]")) {
      return Kind.BODY;
    }
    if (rest.matches("\\.[0-9a-f]{32}\\.[0-9a-f]{16}\\.[sc]")) {
      return rest.endsWith("s") ? Kind.MARKS : Kind.CODE;
    }
    return Kind.UNKNOWN;
  }

  /** The file's name. */
  public String name() {
    return String.valueOf(path.getFileName());
  }
}
