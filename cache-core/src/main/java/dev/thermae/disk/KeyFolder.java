package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.code.SigningKeys;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an installation, in a folder of their own: {@code 1.key}, {@code 2.key} and so on,
 * each the bytes of one secret, at least {@link SigningKeys#MINIMUM_LENGTH} of them. The highest
 * number is the id of the key that new seals are made with, the others are still accepted; removing
 * a file withdraws its key from processes that start afterwards.
 *
 * <p>The folder must belong to this user or to root, and nobody else may write it. Nobody else may
 * read the files, but for the group of those that belong to root, as for a service that runs as
 * another user: only root can have given such a file that group and that mode, and so chose who
 * shares the secret. Root itself reads them, too, and so believes what members of the group sealed;
 * who does not want that gives root a folder of keys of its own. Links are resolved first, as
 * secrets of containers are mounted through them. Where there are access control lists instead of
 * modes, who may write the folder is checked, and who may read it is not. Thread-safe.
 */
public final class KeyFolder {
  private static final String SUFFIX = ".key";
  private static final int SECRET = 32;
  private static final long LONGEST = 1 << 10;
  private static final int OTHERS = 0007;
  private static final int GROUP = 0070;
  private static final int GROUP_WRITE = 0020;

  private KeyFolder() {}

  /**
   * Reads all keys.
   *
   * @throws FolderRefusedException when there are none, or when they are no secrets
   */
  public static SigningKeys read(Path folder) throws IOException {
    Path real = real(folder);
    NavigableMap<Integer, Path> files = files(real);
    Map.Entry<Integer, Path> current = files.pollLastEntry();
    if (current == null) {
      throw FolderCreation.refused(folder, "holds no key", advice(folder), null);
    }
    try {
      SigningKeys keys = SigningKeys.of(current.getKey(), secret(current.getValue()));
      for (Map.Entry<Integer, Path> old : files.entrySet()) {
        keys = keys.accepting(old.getKey(), secret(old.getValue()));
      }
      return keys;
    } catch (IllegalArgumentException e) {
      throw FolderCreation.refused(folder, "is of no use: " + e.getMessage(), "remove the key", e);
    }
  }

  /**
   * Adds a random key, with the next number, to the folder, which is made where it is missing.
   * Processes that run go on with the keys they have read, so start those that only read seals of
   * others first.
   *
   * @return the id of the new key
   */
  public static int rotate(Path folder) throws IOException {
    FolderCreation.create(folder.toAbsolutePath().normalize());
    Path real = real(folder);
    byte[] secret = new byte[SECRET];
    new SecureRandom().nextBytes(secret);
    Path temporary = real.resolve(Generation.random() + ".new");
    if (isPosix(real)) {
      Files.createFile(
          temporary,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(temporary);
    }
    try {
      try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.WRITE)) {
        out.write(secret);
      }
      return publish(temporary, real);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Under the next number; the one after it, when another rotation is quicker. */
  private static int publish(Path temporary, Path folder) throws IOException {
    int id;
    do {
      NavigableMap<Integer, Path> files = files(folder);
      id = files.isEmpty() ? 1 : Math.addExact(files.lastKey(), 1);
    } while (!place(temporary, folder.resolve(id + SUFFIX)));
    return id;
  }

  /** False when there is a key already: other than a rename, a link replaces nothing. */
  private static boolean place(Path temporary, Path key) throws IOException {
    try {
      Files.createLink(key, temporary);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(temporary, key, StandardCopyOption.ATOMIC_MOVE); // no hard links here
    }
    return true;
  }

  /**
   * A key, without its secret.
   *
   * @param made when its file was last written, in milliseconds
   * @param signs whether new seals are made with it
   */
  public record Key(int number, long made, boolean signs) {}

  /**
   * All keys by their numbers, after the checks of {@link #read}; nothing secret leaves.
   *
   * @throws FolderRefusedException when there are none, or when they are no secrets
   */
  public static List<Key> list(Path folder) throws IOException {
    read(folder);
    List<Key> keys = new ArrayList<>();
    NavigableMap<Integer, Path> files = files(real(folder));
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      long made = file.getValue().toFile().lastModified();
      keys.add(new Key(file.getKey(), made, file.getKey().equals(files.lastKey())));
    }
    return keys;
  }

  /** Refuses keys that lie in the cache folder itself. */
  public static void requireOutside(Path keys, Path cache) throws IOException {
    if (keys.toAbsolutePath().normalize().startsWith(cache.toAbsolutePath().normalize())) {
      throw FolderCreation.refused(keys, "lies in the cache folder", "keep the keys apart", null);
    }
  }

  private static String advice(Path folder) {
    return "make a key with 'thermae keys rotate " + folder + "', or KeyFolder.rotate";
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static Path real(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw FolderCreation.refused(folder, "is missing", advice(folder), null);
    }
    Path given = folder.toAbsolutePath().normalize();
    Path real = folder.toRealPath();
    if (isPosix(real)) {
      CacheFolder.check(real, real, CacheFolder.user(real), CacheFolder.BASE);
      if (given.getParent() != null) {
        CacheFolder.check(given.getParent(), given, CacheFolder.user(real), CacheFolder.BASE);
      }
    } else {
      AclCheck.require(real, real);
    }
    return real;
  }

  private static NavigableMap<Integer, Path> files(Path folder) {
    NavigableMap<Integer, Path> files = new TreeMap<>();
    String[] names = folder.toFile().list();
    for (String name : names == null ? new String[0] : names) {
      Integer id = id(name);
      if (id != null) {
        files.put(id, folder.resolve(name));
      }
    }
    return files;
  }

  private static @Nullable Integer id(String name) {
    try {
      int id = name.endsWith(SUFFIX) ? Integer.parseInt(name, 0, name.length() - 4, 10) : 0;
      return id > 0 ? id : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static byte[] secret(Path file) throws IOException {
    Path real = file.toRealPath();
    if (isPosix(real)) {
      Map<String, Object> found =
          Files.readAttributes(real, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
      int user = CacheFolder.user(real.resolveSibling(".").normalize());
      int owner = CacheFolder.number(found, "uid");
      int forbidden = OTHERS | (owner == 0 ? GROUP_WRITE : GROUP);
      if (owner != user && owner != 0) {
        throw FolderCreation.refused(file, "belongs to user " + owner, "make another key", null);
      }
      if ((CacheFolder.number(found, "mode") & forbidden) != 0) {
        String remedy = "chmod 0600 it, and make another key if they may have read it";
        throw FolderCreation.refused(file, "is open to others", remedy, null);
      }
    }
    File known = real.toFile();
    byte[] secret = DiskStore.read(known, LONGEST);
    if (secret == null) {
      throw FolderCreation.refused(file, "is gone", "try again", null);
    }
    return secret;
  }
}
