package dev.thermae.engine.javac;

import dev.thermae.engine.StaleDependencyException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a unit: which classes of the class path it was compiled against, each by length
 * and two checksums, and what the packages held that the compiler looked into, since a new class
 * there can change what a name means. The JDK's own are told by its version.
 *
 * @param classPath identity of the whole class path; while it is the same, nothing else is looked
 *     at
 * @param classes binary name to length and checksums
 * @param packages name to a checksum over the names of the classes in it
 */
record Dependencies(String classPath, Map<String, String> classes, Map<String, String> packages) {
  /** Its place among the classes of a bundle; no class has such a name. */
  static final String NAME = "/compiled against";

  byte[] encode() {
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

  /** Refuses the unit when something it was compiled against is not what it was. */
  static void check(byte[] bytes, int offset, int length, Place now) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
    if (in.readUTF().equals(now.identity())) {
      return;
    }
    for (Map.Entry<String, String> each : read(in).entrySet()) {
      String told = now.type(each.getKey());
      if (!each.getValue().equals(told)) {
        throw new StaleDependencyException(
            each.getKey() + (told == null ? " is gone" : " has changed"));
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

  static String checksum(byte[] bytes) {
    CRC32 first = new CRC32();
    CRC32C second = new CRC32C();
    first.update(bytes, 0, bytes.length);
    second.update(bytes, 0, bytes.length);
    return bytes.length + " " + Long.toHexString(first.getValue() << 32 | second.getValue());
  }

  /** The class path as it is now. */
  interface Place {
    /** Of all of it; null when it cannot be told. */
    @Nullable String identity();

    /** Length and checksums of a class by its binary name; null when there is none. */
    @Nullable String type(String name) throws IOException;

    /** Checksum over the names of the classes in a package. */
    String names(String name) throws IOException;
  }
}
