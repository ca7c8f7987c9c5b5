package dev.thermae.engine.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A module in WebAssembly's binary format without what only a compiler reads: the bodies of
 * compiled functions become {@code unreachable}; names of functions and debug information are left
 * out. Everything else stays as it was, byte for byte. The module must have been parsed before.
 * Used once.
 */
final class ModuleOutline {
  private static final int PREAMBLE = 8;
  private static final int CUSTOM = 0;
  private static final int CODE = 10;

  /** Size, no locals, unreachable, end. */
  private static final byte[] NO_BODY = {3, 0, 0, 0x0b};

  private final byte[] module;
  private final Set<Integer> kept;
  private int at = PREAMBLE;

  private ModuleOutline(byte[] module, Set<Integer> kept) {
    this.module = module;
    this.kept = kept;
  }

  /**
   * The outline of a module.
   *
   * @param kept functions whose bodies stay, from 0, imported ones not counted
   */
  static byte[] of(byte[] module, Set<Integer> kept) {
    return new ModuleOutline(module, kept).write();
  }

  private byte[] write() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(module.length / 4);
    out.write(module, 0, PREAMBLE);
    while (at < module.length) {
      int start = at;
      int id = module[at++];
      int length = readNumber();
      int end = at + length;
      if (id == CODE) {
        byte[] bodies = bodies();
        out.write(CODE);
        writeNumber(out, bodies.length);
        out.writeBytes(bodies);
      } else if (id != CUSTOM || !isForCompilers()) {
        out.write(module, start, end - start);
      }
      at = end;
    }
    return out.toByteArray();
  }

  private byte[] bodies() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = readNumber();
    writeNumber(out, count);
    for (int i = 0; i < count; i++) {
      int start = at;
      int length = readNumber();
      if (kept.contains(i)) {
        out.write(module, start, at - start + length);
      } else {
        out.writeBytes(NO_BODY);
      }
      at += length;
    }
    return out.toByteArray();
  }

  /** Of a custom section, whose name is next. */
  private boolean isForCompilers() {
    int length = readNumber();
    String name = new String(module, at, length, StandardCharsets.UTF_8);
    return name.equals("name") || name.startsWith(".debug_");
  }

  /** An unsigned number in LEB128, of at most 32 bits. */
  private int readNumber() {
    int number = 0;
    for (int shift = 0; ; shift += 7) {
      int next = module[at++];
      number |= (next & 0x7f) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }

  private static void writeNumber(ByteArrayOutputStream out, int number) {
    int left = number;
    while (left >>> 7 != 0) {
      out.write(left & 0x7f | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }
}
