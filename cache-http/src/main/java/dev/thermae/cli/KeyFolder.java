package dev.thermae.cli;

import dev.thermae.code.SigningKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Secrets of signed mode in a folder outside the cache: files {@code ID.key} of at least 16 bytes;
 * the highest id signs, the others are accepted.
 */
final class KeyFolder {
  private static final int MAXIMUM = 1 << 16;

  private KeyFolder() {}

  /**
   * Reads all secrets.
   *
   * @param cache the cache folder, which must not hold them
   */
  static SigningKeys read(Path folder, Path cache) throws IOException {
    if (folder.toRealPath().startsWith(cache.toAbsolutePath().normalize())) {
      throw new IOException("secrets must not lie in the cache folder itself: " + folder);
    }
    TreeMap<Integer, byte[]> secrets = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.matches("[1-9][0-9]{0,8}\\.key")) {
          secrets.put(Integer.valueOf(name.substring(0, name.indexOf('.'))), secret(file));
        }
      }
    }
    if (secrets.isEmpty()) {
      throw new IOException("no file such as 1.key in " + folder);
    }
    Map.Entry<Integer, byte[]> current = secrets.lastEntry();
    SigningKeys keys = SigningKeys.of(current.getKey(), current.getValue());
    for (Map.Entry<Integer, byte[]> older : secrets.headMap(current.getKey()).entrySet()) {
      keys = keys.accepting(older.getKey(), older.getValue());
    }
    return keys;
  }

  private static byte[] secret(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAXIMUM) {
      throw new IOException("not a secret of at most 64 KiB: " + file);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      boolean open =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).stream()
              .anyMatch(permission -> !permission.name().startsWith("OWNER"));
      if (open) {
        throw new IOException("others may read or write " + file + ": chmod 600 it");
      }
    }
    return Files.readAllBytes(file);
  }
}
