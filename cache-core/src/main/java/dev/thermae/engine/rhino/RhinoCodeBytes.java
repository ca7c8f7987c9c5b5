package dev.thermae.engine.rhino;

import dev.thermae.code.Source;
import dev.thermae.engine.CorruptCodeException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one unit: header, tables, strings that are decoded when they are first asked for,
 * and a cursor over the record of one function.
 *
 * <p>Every read is checked against the end of the record, and every count against what is left of
 * it before anything is allocated; malformed bytes give a {@link CorruptCodeException}. Not
 * thread-safe.
 */
class RhinoCodeBytes {
  /** Version of the format; part of the fingerprint and the first byte of a payload. */
  static final int FORMAT = 2;

  static final int HEADER_LENGTH = 18;

  /** Whether the unit has template literals, whose objects belong to one scope. */
  final boolean scoped;

  final int functions;
  final int sourceLength;
  private final byte[] bytes;
  private final @Nullable String[] strings;

  /** Which of them are interned. */
  private final boolean[] interned;

  private final int stringTable;
  private final int functionTable;
  private final int text;
  private final int code;
  private final int limit;
  private int position;
  private int end;

  /** Reads the header. */
  RhinoCodeBytes(byte[] bytes, int offset, int length) {
    if (length < HEADER_LENGTH || bytes[offset] != FORMAT) {
      throw CorruptCodeException.of("not Rhino code of format " + FORMAT);
    }
    this.bytes = bytes;
    scoped = bytes[offset + 1] != 0;
    sourceLength = int32(offset + 2);
    int stringCount = int32(offset + 6);
    functions = int32(offset + 10);
    int textLength = int32(offset + 14);
    if (stringCount < 0
        || functions < 1
        || textLength < 0
        || HEADER_LENGTH + 4L * stringCount + 4L * (functions + 1L) + textLength > length) {
      throw CorruptCodeException.of("tables that do not fit the code");
    }
    strings = new String[stringCount];
    interned = new boolean[stringCount];
    stringTable = offset + HEADER_LENGTH;
    functionTable = stringTable + 4 * stringCount;
    text = functionTable + 4 * (functions + 1);
    code = text + textLength;
    limit = offset + length;
  }

  /** Moves the cursor to the record of function {@code index}, or behind the last to the places. */
  final void open(int index) {
    int entry = functionTable + 4 * index;
    long start = (long) code + int32(entry);
    long stop = index < functions ? (long) code + int32(entry + 4) : limit;
    if (start < code || stop > limit || start > stop) {
      throw CorruptCodeException.of("a function outside of the code");
    }
    position = (int) start;
    end = (int) stop;
  }

  /** The text of {@code source}, decoded by the places of what is not ASCII in it. */
  final String text(Source source) {
    open(functions);
    int[] places = ints();
    close();
    if (places == null || !source.charset().equals(StandardCharsets.UTF_8)) {
      return source.text();
    }
    if (places.length == 0 && source.bytes().length == sourceLength) {
      return source.asciiText();
    }
    String text = SourceText.of(source.bytes(), places);
    return text == null || text.length() != sourceLength ? source.text() : text;
  }

  /** Ends a record; nothing may be left of it. */
  final void close() {
    if (position != end) {
      throw CorruptCodeException.of("a function with a tail");
    }
  }

  final int int8() {
    if (position >= end) {
      throw CorruptCodeException.of("a function that ends too early");
    }
    return bytes[position++] & 0xff;
  }

  final int varint() {
    int value = int8();
    if (value < 0x80) {
      return value;
    }
    value &= 0x7f;
    for (int shift = 7; shift < 35; shift += 7) {
      int next = int8();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw CorruptCodeException.of("a number that does not end");
  }

  final long int64() {
    int at = take(8);
    return int32(at) & 0xffffffffL | (long) int32(at + 4) << 32;
  }

  /** Steps over {@code count} bytes and returns where they start. */
  private int take(int count) {
    if (count < 0 || count > end - position) {
      throw CorruptCodeException.of("a function that ends too early");
    }
    position += count;
    return position - count;
  }

  /** A count of things that take at least a byte each; -1 stands for null. */
  final int count() {
    int count = varint() - 1;
    if (count < -1 || count > end - position) {
      throw CorruptCodeException.of("a table longer than its function");
    }
    return count;
  }

  final byte @Nullable [] blob() {
    int count = count();
    if (count < 0) {
      return null;
    }
    int start = take(count);
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  final int @Nullable [] ints() {
    int count = count();
    if (count < 0) {
      return null;
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = varint();
    }
    return values;
  }

  final double @Nullable [] doubles() {
    int count = count();
    if (count < 0) {
      return null;
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Double.longBitsToDouble(int64());
    }
    return values;
  }

  final boolean @Nullable [] booleans() {
    int count = count();
    if (count < 0) {
      return null;
    }
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = int8() != 0;
    }
    return values;
  }

  final BigInteger @Nullable [] bigInts() {
    int count = count();
    if (count < 0) {
      return null;
    }
    BigInteger[] values = new BigInteger[count];
    for (int i = 0; i < count; i++) {
      byte[] value = blob();
      if (value == null || value.length == 0) {
        throw CorruptCodeException.of("an empty number");
      }
      values[i] = new BigInteger(value);
    }
    return values;
  }

  final @Nullable Map<Integer, Integer> map() {
    int count = count();
    if (count < 0) {
      return null;
    }
    Map<Integer, Integer> map = new HashMap<>(count * 2);
    for (int i = 0; i < count; i++) {
      map.put(varint(), varint());
    }
    return map;
  }

  final @Nullable String @Nullable [] strings() {
    int count = count();
    if (count < 0) {
      return null;
    }
    @Nullable String[] values = new String[count];
    for (int i = 0; i < count; i++) {
      values[i] = string();
    }
    return values;
  }

  /** A reference to the string table; 0 stands for null. */
  final @Nullable String string() {
    int index = reference();
    return index < 0 ? null : string(index);
  }

  /**
   * The same, interned, as Rhino has the names of variables and functions. Many functions use a
   * name, and in a new JVM asking for each of them took a third of the time of decoding them.
   */
  final @Nullable String name() {
    int index = reference();
    if (index < 0) {
      return null;
    }
    String known = string(index);
    if (!interned[index]) {
      known = known.intern();
      strings[index] = known;
      interned[index] = true;
    }
    return known;
  }

  /** A table of names; null for none. */
  final @Nullable String @Nullable [] names() {
    int count = count();
    if (count < 0) {
      return null;
    }
    @Nullable String[] values = new String[count];
    for (int i = 0; i < count; i++) {
      values[i] = name();
    }
    return values;
  }

  /** A number of the string table; -1 for null. */
  private int reference() {
    int index = varint() - 1;
    if (index < -1 || index >= strings.length) {
      throw CorruptCodeException.of("a string that does not exist");
    }
    return index;
  }

  private String string(int index) {
    String known = strings[index];
    if (known == null) {
      known = decode(index);
      strings[index] = known;
    }
    return known;
  }

  private String decode(int index) {
    int entry = int32(stringTable + 4 * index);
    boolean wide = (entry & 1) != 0;
    long start = (long) text + (entry >>> 1);
    long stop =
        index + 1 < strings.length
            ? (long) text + (int32(stringTable + 4 * index + 4) >>> 1)
            : code;
    if (start > stop || stop > code) {
      throw CorruptCodeException.of("a string outside of the text");
    }
    int length = (int) (stop - start);
    return wide
        ? wide((int) start, length / 2)
        : new String(bytes, (int) start, length, StandardCharsets.ISO_8859_1);
  }

  /** By hand: a decoder would replace unpaired surrogates. */
  private String wide(int start, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) ((bytes[start + 2 * i] & 0xff) << 8 | bytes[start + 2 * i + 1] & 0xff);
    }
    return new String(chars);
  }

  private int int32(int at) {
    return bytes[at] & 0xff
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | bytes[at + 3] << 24;
  }
}
