package dev.thermae.engine.wasm;

import dev.thermae.code.Source;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Modules whose {@code run} gives a number, or address (high half) and length of a text. */
final class WasmModules {
  private static final int TEXT = 0x42;

  private WasmModules() {}

  static List<Source> all() {
    return List.of(loop(), table(), large("Large.wasm"), text());
  }

  /** 1 + 2 + … + 10 in a loop, through a global. */
  static Source loop() {
    return new WasmAssembler()
        .function(
            WasmAssembler.RUN,
            // global = 0, local = 10
            new int[] {
              0x42,
              0,
              0x24,
              0,
              0x41,
              10,
              0x21,
              0,
              // loop: global += local; local -= 1; again while local
              0x03,
              0x40,
              0x23,
              0,
              0x20,
              0,
              0xad,
              0x7c,
              0x24,
              0,
              0x20,
              0,
              0x41,
              1,
              0x6b,
              0x22,
              0,
              0x0d,
              0,
              0x0b,
              0x23,
              0
            })
        .source("Loop.wasm");
  }

  /** Calls a function through the table, with a branch table and memory that grows. */
  static Source table() {
    return new WasmAssembler()
        .function(
            WasmAssembler.RUN,
            // memory.grow 1, store its old size, call table[2](that + 5)
            new int[] {
              0x41,
              0,
              0x41,
              1,
              0x40,
              0,
              0x36,
              2,
              0,
              0x41,
              0,
              0x28,
              2,
              0,
              0x41,
              5,
              0x6a,
              0x41,
              2,
              0x11,
              WasmAssembler.UNARY,
              0,
              0xac
            })
        .function(
            WasmAssembler.UNARY,
            // by argument: 100 for 0, else 7 times itself
            new int[] {
              0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0e, 1, 0, 1, 0x0b, 0x41, 0xe4, 0, 0x0f, 0x0b, 0x20,
              0, 0x41, 7, 0x6c
            })
        .source("Table.wasm");
  }

  /** A function that is too large for a class file calls one that is not, and is called by one. */
  static Source large(String name) {
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    for (int i = 0; i < 12_000; i++) {
      // local 0 = local 0 * 31 + i % 64
      code.writeBytes(new byte[] {0x20, 0, 0x41, 31, 0x6c, 0x41, (byte) (i % 64), 0x6a, 0x21, 0});
    }
    code.writeBytes(new byte[] {0x20, 0, 0x10, 3});
    return new WasmAssembler()
        .function(WasmAssembler.RUN, 0x41, 3, 0x10, 2, 0xac)
        .function(WasmAssembler.UNARY, code.toByteArray())
        .function(WasmAssembler.UNARY, 0x20, 0, 0x41, 1, 0x71, 0x41, 40, 0x6a)
        .source(name);
  }

  /** Gives the text in its data. */
  static Source text() {
    // 16 << 32 | 4
    return new WasmAssembler()
        .data("kept")
        .function(WasmAssembler.RUN, TEXT, 0x84, 0x80, 0x80, 0x80, 0x80, 2)
        .source("Text.wasm");
  }

  /** Calls function 2, which traps. */
  static Source failing() {
    return new WasmAssembler()
        .function(WasmAssembler.RUN, 0x41, 1, 0x10, 2, 0xac)
        .function(WasmAssembler.UNARY, 0x00)
        .source("Failing.wasm");
  }

  /** Adds an i32 to an i64. */
  static Source invalid() {
    return new WasmAssembler()
        .function(WasmAssembler.RUN, 0x41, 1, 0x42, 1, 0x7c)
        .source("Invalid.wasm");
  }

  /** Gives what the callback writes at 64. */
  static Source calling() {
    return new WasmAssembler()
        .function(
            WasmAssembler.RUN, 0x42, 0xc0, 0, 0x42, 32, 0x86, 0x41, 0xc0, 0, 0x10, 0, 0xad, 0x84)
        .source("Calling.wasm");
  }

  static Source small() {
    return new WasmAssembler().function(WasmAssembler.RUN, 0x42, 2).source("Small.wasm");
  }
}
