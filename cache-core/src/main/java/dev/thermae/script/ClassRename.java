package dev.thermae.script;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Replaces a word in all texts of a class file's constant pool: names, descriptors, strings.
 *
 * <p>Everything else of a class file refers to these texts by number and stays as it is (Java
 * Virtual Machine Specification, section 4.4). Stateless.
 */
final class ClassRename {
  private static final int POOL_START = 10;
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  private ClassRename() {}

  /**
   * The class file of {@code length} bytes from {@code offset}, {@code word} replaced by {@code
   * other}; both are ASCII.
   *
   * @throws IllegalArgumentException when it is no class file, or a text gets too long
   */
  static byte[] replace(byte[] bytes, int offset, int length, String word, String other) {
    byte[] from = word.getBytes(StandardCharsets.US_ASCII);
    byte[] to = other.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
    int end = offset + length;
    int at = offset + POOL_START;
    if (length < POOL_START) {
      throw new IllegalArgumentException("a class file of " + length + " bytes");
    }
    out.write(bytes, offset, POOL_START);
    int count = int16(bytes, offset + 8);
    for (int i = 1; i < count; i++) {
      int size = size(bytes, at, end);
      if (bytes[at] == UTF8) {
        writeText(out, bytes, at + 3, size - 3, from, to);
      } else {
        out.write(bytes, at, size);
        i += bytes[at] == LONG || bytes[at] == DOUBLE ? 1 : 0;
      }
      at += size;
    }
    out.write(bytes, at, end - at);
    return out.toByteArray();
  }

  /** Bytes of the constant at {@code at}, its tag included. */
  private static int size(byte[] bytes, int at, int end) {
    if (at + 3 > end) {
      throw new IllegalArgumentException("a class file that is cut short");
    }
    int size =
        switch (bytes[at]) {
          case UTF8 -> 3 + int16(bytes, at + 1);
          case 3, 4, 9, 10, 11, 12, 17, 18 -> 5;
          case LONG, DOUBLE -> 9;
          case 7, 8, 16, 19, 20 -> 3;
          case 15 -> 4;
          default -> throw new IllegalArgumentException("a constant of kind " + bytes[at]);
        };
    if (size > end - at) {
      throw new IllegalArgumentException("a class file that is cut short");
    }
    return size;
  }

  private static void writeText(
      ByteArrayOutputStream out, byte[] bytes, int start, int length, byte[] from, byte[] to) {
    int end = start + length;
    int found = find(bytes, start, end, from);
    if (found < 0) {
      out.write(bytes, start - 3, length + 3);
      return;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream(length);
    int at = start;
    while (found >= 0) {
      text.write(bytes, at, found - at);
      text.write(to, 0, to.length);
      at = found + from.length;
      found = find(bytes, at, end, from);
    }
    text.write(bytes, at, end - at);
    if (text.size() > 0xffff) {
      throw new IllegalArgumentException("a text of " + text.size() + " bytes");
    }
    out.write(UTF8);
    out.write(text.size() >>> 8);
    out.write(text.size());
    out.write(text.toByteArray(), 0, text.size());
  }

  private static int find(byte[] bytes, int start, int end, byte[] word) {
    for (int at = start; at <= end - word.length; at++) {
      int same = 0;
      while (same < word.length && bytes[at + same] == word[same]) {
        same++;
      }
      if (same == word.length) {
        return at;
      }
    }
    return -1;
  }

  private static int int16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
