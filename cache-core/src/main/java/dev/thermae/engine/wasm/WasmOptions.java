package dev.thermae.engine.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import java.util.Set;
import java.util.TreeSet;

/**
 * How Chicory compiles. Immutable.
 *
 * @param functionsPerClass at most so many functions in a class; 0 for as many as go in
 * @param interpreter whether functions that are too large for class files are interpreted; where
 *     not, they are compile errors
 * @param interpreted functions that are interpreted in any case, imported ones counted; no others
 *     are then
 */
record WasmOptions(int functionsPerClass, boolean interpreter, Set<Integer> interpreted) {
  static final WasmOptions DEFAULTS = new WasmOptions(0, true, Set.of());

  InterpreterFallback fallback() {
    return interpreter && interpreted.isEmpty()
        ? InterpreterFallback.SILENT
        : InterpreterFallback.FAIL;
  }

  String text() {
    return "functions per class "
        + functionsPerClass
        + " interpreter "
        + interpreter
        + " interpreted "
        + new TreeSet<>(interpreted);
  }
}
