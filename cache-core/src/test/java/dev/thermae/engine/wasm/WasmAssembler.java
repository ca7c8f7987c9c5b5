package dev.thermae.engine.wasm;

import dev.thermae.code.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts small modules together. Function 0 is imported, {@code env.callback}, which writes a text at
 * an address and gives its length; function 1 is exported as {@code run}; memory, a table of all
 * functions and a mutable i64 global are there.
 */
final class WasmAssembler {
  /** Types: of the callback, of {@code run}, and of functions of one i32. */
  static final int CALLBACK = 0;

  static final int RUN = 1;
  static final int UNARY = 2;

  private static final int I32 = 0x7f;
  private static final int I64 = 0x7e;

  private final List<byte[]> bodies = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();
  private final ByteArrayOutputStream custom = new ByteArrayOutputStream();
  private String data = "";

  /** A function; {@code code} is what it does, without its end. */
  WasmAssembler function(int type, int... code) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int each : code) {
      body.write(each);
    }
    return function(type, body.toByteArray());
  }

  /** The same from bytes, with one local variable of type i32. */
  WasmAssembler function(int type, byte[] code) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {1, 1, I32});
    body.writeBytes(code);
    body.write(0x0b);
    types.add(type);
    bodies.add(body.toByteArray());
    return this;
  }

  /** What lies in memory from 16 on. */
  WasmAssembler data(String text) {
    data = text;
    return this;
  }

  /** A custom section at the end. */
  WasmAssembler custom(String name, byte... content) {
    byte[] named = name.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream section = new ByteArrayOutputStream();
    number(section, named.length);
    section.writeBytes(named);
    section.writeBytes(content);
    section(custom, 0, section);
    return this;
  }

  Source source(String name) {
    return Source.of(name, bytes(), StandardCharsets.ISO_8859_1);
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    section(out, 1, of(3, 0x60, 1, I32, 1, I32, 0x60, 0, 1, I64, 0x60, 1, I32, 1, I32));
    section(out, 2, imports());
    ByteArrayOutputStream functions = of(types.size());
    types.forEach(functions::write);
    section(out, 3, functions);
    section(out, 4, of(1, 0x70, 0, types.size() + 1));
    section(out, 5, of(1, 0, 1));
    section(out, 6, of(1, I64, 1, 0x42, 0, 0x0b));
    section(out, 7, exports());
    section(out, 9, elements());
    section(out, 10, code());
    section(out, 11, data());
    out.writeBytes(custom.toByteArray());
    return out.toByteArray();
  }

  private static ByteArrayOutputStream imports() {
    ByteArrayOutputStream imports = of(1);
    name(imports, "env");
    name(imports, "callback");
    imports.write(0);
    imports.write(CALLBACK);
    return imports;
  }

  private static ByteArrayOutputStream exports() {
    ByteArrayOutputStream exports = of(1);
    name(exports, "run");
    exports.write(0);
    exports.write(1);
    return exports;
  }

  private ByteArrayOutputStream elements() {
    ByteArrayOutputStream elements = of(1, 0, 0x41, 0, 0x0b, types.size() + 1);
    for (int i = 0; i <= types.size(); i++) {
      elements.write(i);
    }
    return elements;
  }

  private ByteArrayOutputStream code() {
    ByteArrayOutputStream code = of(bodies.size());
    for (byte[] body : bodies) {
      number(code, body.length);
      code.writeBytes(body);
    }
    return code;
  }

  private ByteArrayOutputStream data() {
    ByteArrayOutputStream section = of(1, 0, 0x41, 16, 0x0b);
    name(section, data);
    return section;
  }

  private static ByteArrayOutputStream of(int... bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int each : bytes) {
      out.write(each);
    }
    return out;
  }

  private static void name(ByteArrayOutputStream out, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream content) {
    out.write(id);
    number(out, content.size());
    out.writeBytes(content.toByteArray());
  }

  private static void number(ByteArrayOutputStream out, int number) {
    int left = number;
    for (; left > 0x7f; left >>>= 7) {
      out.write(left & 0x7f | 0x80);
    }
    out.write(left);
  }
}
