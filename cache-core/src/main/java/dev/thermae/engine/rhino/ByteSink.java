package dev.thermae.engine.rhino;

import java.util.Arrays;

/** Bytes that grow. */
final class ByteSink {
  private byte[] bytes = new byte[256];
  private int size;

  int size() {
    return size;
  }

  void int8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void int32(int value) {
    reserve(4);
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void int64(long value) {
    int32((int) value);
    int32((int) (value >>> 32));
  }

  void varint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      int8(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    int8(rest);
  }

  /** Count and bytes. */
  void blob(byte[] value) {
    varint(value.length + 1);
    append(value, value.length);
  }

  void append(ByteSink other) {
    append(other.bytes, other.size);
  }

  void append(byte[] value, int length) {
    reserve(length);
    System.arraycopy(value, 0, bytes, size, length);
    size += length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
    }
  }
}
