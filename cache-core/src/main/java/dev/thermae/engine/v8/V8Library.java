package dev.thermae.engine.v8;

import com.caoccao.javet.enums.JSRuntimeType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.loader.IJavetLibLoadingListener;
import com.caoccao.javet.interop.loader.JavetLibLoader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;

/**
 * V8's native library, some 40 MB, which every process unpacks into the temporary folder before its
 * first runtime, and often leaves there, unless it is kept unpacked. Stateless.
 */
public final class V8Library {
  private static final int CHUNK = 1 << 20;

  private V8Library() {}

  /**
   * Has Javet load the library for V8 (not for Node) from below {@code folder}, where it is
   * unpacked unless its very bytes are there. To be called before the process makes its first
   * runtime; later it changes nothing. Javet has one listener for this in a process, which is
   * replaced.
   *
   * @return the library's file
   * @throws IOException when it cannot be unpacked, or others could replace it: the folder, which
   *     is made where it is missing, has to be this user's and writable by nobody else
   */
  public static Path keepIn(Path folder) throws IOException {
    JarEntry entry;
    URL resource;
    String name;
    try {
      JavetLibLoader loader = new JavetLibLoader(JSRuntimeType.V8);
      name = loader.getLibFileName();
      resource = JavetLibLoader.class.getResource(loader.getResourceFileName());
      URLConnection connection = resource == null ? null : resource.openConnection();
      if (!(connection instanceof JarURLConnection)) {
        throw new IOException("V8's library is in no jar: " + resource);
      }
      entry = ((JarURLConnection) connection).getJarEntry();
    } catch (JavetException e) {
      throw new IOException("Javet has no library for this machine", e);
    }
    Path safe = guarded(folder);
    String build = Long.toHexString(entry.getCrc()) + '-' + entry.getSize();
    Path place = Files.createDirectories(safe.resolve(build));
    Path library = place.resolve(name);
    if (!holds(library, entry)) {
      unpack(resource, place, library, entry);
    }
    JavetLibLoader.setLibLoadingListener(new Kept(place.toFile()));
    return library;
  }

  /** Where the library is. */
  private record Kept(File folder) implements IJavetLibLoadingListener {
    @Override
    public File getLibPath(JSRuntimeType type) {
      return type == JSRuntimeType.V8 ? folder : IJavetLibLoadingListener.super.getLibPath(type);
    }

    @Override
    public boolean isDeploy(JSRuntimeType type) {
      return type != JSRuntimeType.V8;
    }
  }

  private static Path guarded(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Files.createDirectories(folder);
    }
    Path safe =
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            .toRealPath();
    Path probe = Files.createTempFile(safe, "owner", null);
    Files.delete(ours(safe, probe));
    return safe;
  }

  /** {@code probe}, when the folder it was made in is of its owner and closed to others. */
  private static Path ours(Path folder, Path probe) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
    Set<PosixFilePermission> modes = attributes.permissions();
    if (!attributes.owner().equals(Files.getOwner(probe))
        || modes.contains(PosixFilePermission.GROUP_WRITE)
        || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
      Files.delete(probe);
      throw new IOException("others may write to " + folder);
    }
    return probe;
  }

  private static boolean holds(Path library, JarEntry entry) throws IOException {
    if (!Files.isRegularFile(library) || Files.size(library) != entry.getSize()) {
      return false;
    }
    CRC32 crc = new CRC32();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(library)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        crc.update(chunk, 0, count);
      }
    }
    return crc.getValue() == entry.getCrc();
  }

  private static void unpack(URL resource, Path place, Path library, JarEntry entry)
      throws IOException {
    Path unpacked = Files.createTempFile(place, "unpacking", null);
    try {
      try (InputStream in = resource.openStream()) {
        Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!holds(unpacked, entry)) {
        throw new IOException("V8's library was not unpacked whole");
      }
      Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unpacked);
    }
  }
}
