package dev.thermae.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a unit of Java source: which classes of the class path it was compiled against,
 * each by length and two checksums, and what could change what a name in it means: classes that
 * were looked for in vain, and what the packages held that the compiler looked into. The JDK's own
 * are told by its version. Immutable as long as its maps are.
 *
 * @param classPath identity of the whole class path; while it is the same, nothing else is looked
 *     at; empty when it is not known
 * @param classes binary name to length and checksums, or to {@link #ABSENT}
 * @param packages name to a checksum over the names of the classes in it
 */
public record Dependencies(
    String classPath, Map<String, String> classes, Map<String, String> packages) {
  /** Its place among the classes of a bundle; no class has such a name. */
  public static final String NAME = "/compiled against";

  /** What stands for a class that was looked for and is not there. */
  public static final String ABSENT = "absent";

  /** The bytes that {@link #check} takes. */
  public byte[] encode() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF(classPath);
      write(out, classes);
      write(out, packages);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
  }

  private static void write(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> each : map.entrySet()) {
      out.writeUTF(each.getKey());
      out.writeUTF(each.getValue());
    }
  }

  /**
   * Refuses the unit whose bundle this is when something it was compiled against is not what it
   * was.
   *
   * @throws StaleDependencyException when something has changed
   * @throws RestoreException when the bundle does not say what it was compiled against
   */
  public static void check(ClassBundle bundle, Place now) throws RestoreException {
    int[] manifest = bundle.place(NAME);
    if (manifest == null) {
      throw new RestoreException("it does not say what it was compiled against");
    }
    try {
      check(bundle.array(), manifest[0], manifest[1], now);
    } catch (RestoreException e) {
      throw e;
    } catch (IOException e) {
      throw new RestoreException("what it was compiled against cannot be read: " + e, e);
    }
  }

  private static void check(byte[] bytes, int offset, int length, Place now) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
    if (in.readUTF().equals(now.identity())) {
      return;
    }
    for (Map.Entry<String, String> each : read(in).entrySet()) {
      String told = now.type(each.getKey());
      if (!each.getValue().equals(told == null ? ABSENT : told)) {
        boolean isNew = each.getValue().equals(ABSENT);
        String what = told == null ? " is gone" : isNew ? " is there now" : " has changed";
        throw new StaleDependencyException(each.getKey() + what);
      }
    }
    for (Map.Entry<String, String> each : read(in).entrySet()) {
      if (!each.getValue().equals(now.names(each.getKey()))) {
        throw new StaleDependencyException("the package " + each.getKey() + " has other classes");
      }
    }
  }

  private static Map<String, String> read(DataInputStream in) throws IOException {
    Map<String, String> map = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      map.put(in.readUTF(), in.readUTF());
    }
    return map;
  }

  /** Length and checksums of what stands for a class, or for the names in a package. */
  public static String checksum(byte[] bytes) {
    CRC32 first = new CRC32();
    CRC32C second = new CRC32C();
    first.update(bytes, 0, bytes.length);
    second.update(bytes, 0, bytes.length);
    return bytes.length + " " + Long.toHexString(first.getValue() << 32 | second.getValue());
  }

  /**
   * Length and checksums of the class file that {@code loader} finds for a binary name; null when
   * it finds none.
   *
   * @param loader null for the bootstrap loader
   */
  public static @Nullable String checksum(@Nullable ClassLoader loader, String name)
      throws IOException {
    String resource = name.replace('.', '/') + ".class";
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      return in == null ? null : checksum(in.readAllBytes());
    }
  }

  /** The class path as it is now. */
  public interface Place {
    /** Of all of it; null when it cannot be told. */
    @Nullable String identity();

    /** Length and checksums of a class by its binary name; null when there is none. */
    @Nullable String type(String name) throws IOException;

    /** Checksum over the names of the classes in a package. */
    String names(String name) throws IOException;
  }
}
