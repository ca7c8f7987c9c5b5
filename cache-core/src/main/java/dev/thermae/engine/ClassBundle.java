package dev.thermae.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The class files of one unit in one array, found by name without being copied. Immutable and
 * thread-safe.
 *
 * <pre>
 * bundle = checksum main count *class
 *   checksum = u32           ; CRC-32C of all that follows
 *   main     = text          ; name of the class that the unit is run by; may be empty
 *   count    = u32
 *   class    = text u32 *OCTET
 *   text     = u16 *OCTET    ; UTF-8
 * </pre>
 *
 * <p>Numbers are big-endian. Classes are in the order in which they were compiled.
 */
public final class ClassBundle {
  /** Version of the bytes; part of the fingerprint of every engine that stores bundles. */
  public static final int FORMAT = 1;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final String main;
  private final Map<String, int[]> places;

  private ClassBundle(byte[] bytes, int start, int end, String main, Map<String, int[]> places) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.main = main;
    this.places = places;
  }

  /**
   * A bundle of {@code classes} by name, in their order.
   *
   * @param main the class that the unit is run by; empty when there is none
   * @throws RestoreException when a name is longer than 65,535 bytes
   */
  public static ClassBundle of(String main, Map<String, byte[]> classes) throws RestoreException {
    List<byte[]> names = new ArrayList<>();
    long length = 8L + text(main).length + 2;
    for (Map.Entry<String, byte[]> each : classes.entrySet()) {
      byte[] name = text(each.getKey());
      names.add(name);
      length += 2 + name.length + 4 + each.getValue().length;
    }
    if (length > Integer.MAX_VALUE - 16) {
      throw new RestoreException("the classes take " + length + " bytes, too many for a unit");
    }
    byte[] bytes = new byte[(int) length];
    int at = writeText(bytes, 4, text(main));
    at = write32(bytes, at, classes.size());
    int index = 0;
    for (byte[] code : classes.values()) {
      at = writeText(bytes, at, names.get(index++));
      at = write32(bytes, at, code.length);
      System.arraycopy(code, 0, bytes, at, code.length);
      at += code.length;
    }
    write32(bytes, 0, checksum(bytes, 4, bytes.length));
    return read(bytes, 0, bytes.length);
  }

  /**
   * The bundle in {@code length} bytes from {@code offset}; the array is the bundle's from now on.
   *
   * @throws RestoreException when they are no bundle
   */
  public static ClassBundle read(byte[] bytes, int offset, int length) throws RestoreException {
    int end = offset + length;
    if (length < 10 || read32(bytes, offset) != checksum(bytes, offset + 4, end)) {
      throw new RestoreException("the classes are damaged or cut short");
    }
    try {
      int at = offset + 4;
      String main = text(bytes, at, end);
      at += 2 + read16(bytes, at);
      int count = read32(bytes, at);
      at += 4;
      Map<String, int[]> places = new HashMap<>();
      for (int i = 0; i < count; i++) {
        String name = text(bytes, at, end);
        at += 2 + read16(bytes, at);
        int size = read32(bytes, at);
        at += 4;
        if (size < 0 || size > end - at || places.put(name, new int[] {at, size}) != null) {
          throw new RestoreException("the classes are not as they were written: " + name);
        }
        at += size;
      }
      if (at != end || !main.isEmpty() && !places.containsKey(main)) {
        throw new RestoreException("the classes are not as they were written");
      }
      return new ClassBundle(bytes, offset, end, main, places);
    } catch (IndexOutOfBoundsException e) {
      throw new RestoreException("the classes are cut short", e);
    }
  }

  /** Name of the class that the unit is run by; empty when there is none. */
  public String main() {
    return main;
  }

  /** Number of classes. */
  public int size() {
    return places.size();
  }

  /** Whether a class of this binary name is in it. */
  public boolean contains(String name) {
    return places.containsKey(name);
  }

  /** The binary names of the classes, in no order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(places.keySet());
  }

  /** The bytes of the whole bundle, as {@link #read} takes them. */
  public byte[] bytes() {
    byte[] copy = new byte[end - start];
    System.arraycopy(bytes, start, copy, 0, copy.length);
    return copy;
  }

  /** Offset and length of a class file in {@link #array}, or null. */
  public int @Nullable [] place(String name) {
    return places.get(name);
  }

  /** What {@link #place} points into; not to be changed. */
  public byte[] array() {
    return bytes;
  }

  private static int checksum(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  private static byte[] text(String text) throws RestoreException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0xffff) {
      throw new RestoreException("a class name of " + bytes.length + " bytes");
    }
    return bytes;
  }

  private static String text(byte[] bytes, int at, int end) {
    int length = read16(bytes, at);
    if (length > end - at - 2) {
      throw new IndexOutOfBoundsException("a name beyond the end");
    }
    return new String(bytes, at + 2, length, StandardCharsets.UTF_8);
  }

  private static int writeText(byte[] bytes, int at, byte[] text) {
    bytes[at] = (byte) (text.length >>> 8);
    bytes[at + 1] = (byte) text.length;
    System.arraycopy(text, 0, bytes, at + 2, text.length);
    return at + 2 + text.length;
  }

  private static int write32(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
    return at + 4;
  }

  private static int read16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static int read32(byte[] bytes, int at) {
    return read16(bytes, at) << 16 | read16(bytes, at + 2);
  }
}
