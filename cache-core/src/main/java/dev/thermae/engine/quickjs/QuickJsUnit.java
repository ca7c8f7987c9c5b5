package dev.thermae.engine.quickjs;

/**
 * JavaScript as QuickJS's bytecode, which belongs to no runtime. Immutable and thread-safe.
 *
 * <p>It runs as an ECMAScript module: strict, its own top-level names, {@code globalThis} shared
 * with whatever else runs there. Stack traces call it {@code function.mjs}, whatever its name is.
 */
public final class QuickJsUnit {
  private final String name;
  private final byte[] bytecode;

  QuickJsUnit(String name, byte[] bytecode) {
    this.name = name;
    this.bytecode = bytecode;
  }

  /** Name of the source that this unit was loaded for. */
  public String name() {
    return name;
  }

  /** The bytecode, for {@code Runner.exec} and its like; a copy. */
  public byte[] bytecode() {
    return bytecode.clone();
  }

  /** The same, not to be changed. */
  byte[] shared() {
    return bytecode;
  }
}
