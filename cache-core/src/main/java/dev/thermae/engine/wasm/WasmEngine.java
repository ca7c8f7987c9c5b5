package dev.thermae.engine.wasm;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineArtifacts;
import dev.thermae.engine.RestoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.commons.TableSwitchGenerator;

/**
 * WebAssembly modules, compiled to class files by Chicory's run-time compiler.
 *
 * <p>A source's bytes are a module in the binary format; its charset does not matter. What is
 * stored is the classes and the module without the bodies of compiled functions, so that restoring
 * it parses no code; functions that are too large for class files keep their bodies and are
 * interpreted. The code depends on the builds of Chicory and ASM and on the options, not on the
 * JDK.
 *
 * <p>Immutable and thread-safe.
 */
public final class WasmEngine implements Engine<WasmUnit> {
  private static final int FORMAT = 1;

  private final WasmOptions options;
  private volatile @Nullable String surroundings;

  private WasmEngine(WasmOptions options) {
    this.options = options;
  }

  /** An engine with Chicory's defaults, but silent about functions that are interpreted. */
  public static WasmEngine create() {
    return new WasmEngine(WasmOptions.DEFAULTS);
  }

  /**
   * The same engine with at most {@code functions} of them in a class.
   *
   * @throws IllegalArgumentException when that is less than 1
   */
  public WasmEngine withFunctionsPerClass(int functions) {
    if (functions < 1) {
      throw new IllegalArgumentException("a class holds at least one function: " + functions);
    }
    return new WasmEngine(new WasmOptions(functions, options.interpreter(), options.interpreted()));
  }

  /** The same engine, for which a function that is too large for class files is an error. */
  public WasmEngine withoutInterpreter() {
    return new WasmEngine(new WasmOptions(options.functionsPerClass(), false, Set.of()));
  }

  /**
   * The same engine, which leaves these functions to the interpreter and no others; imported
   * functions are counted.
   */
  public WasmEngine withInterpreted(Set<Integer> functions) {
    return new WasmEngine(
        new WasmOptions(options.functionsPerClass(), true, Set.copyOf(functions)));
  }

  WasmOptions options() {
    return options;
  }

  @Override
  public String id() {
    return "wasm";
  }

  /** Null where a jar cannot be identified: then nothing leaves memory. */
  @Override
  public @Nullable String surroundings() {
    String known = surroundings;
    if (known == null) {
      String artifacts = artifacts().surroundings(", ");
      if (artifacts == null) {
        return null;
      }
      known = "wasm format " + format() + ' ' + options.text() + ", " + artifacts;
      surroundings = known;
    }
    return known;
  }

  private static String format() {
    return ClassBundle.FORMAT + "." + FORMAT;
  }

  /** A small class out of each jar that decides the code. */
  private static EngineArtifacts artifacts() {
    return new EngineArtifacts()
        .and("compiler", InterpreterFallback.class)
        .and("runtime", Machine.class)
        .and("parser", WasmModule.class)
        .and("asm", Handle.class)
        .and("asm-commons", TableSwitchGenerator.class);
  }

  /**
   * The named parts of the fingerprint.
   *
   * @throws IllegalStateException when a jar cannot be identified; {@link #surroundings} is null
   *     then
   */
  @Override
  public Map<String, String> fingerprintParts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("engine", id());
    parts.put("format", format());
    parts.put("options", options.text());
    artifacts().describe(parts);
    return parts;
  }

  @Override
  public boolean bakesName() {
    return false;
  }

  @Override
  public Harvest harvest() {
    return Harvest.ANY_TIME;
  }

  /**
   * Compiles.
   *
   * @throws CompileException when the module is malformed or invalid, or has a function that cannot
   *     be compiled
   * @throws IllegalArgumentException when {@code shape} is not a script
   */
  @Override
  public WasmUnit compile(Source source, Shape shape) {
    requireScript(shape);
    try {
      return unit(WasmCompiler.compile(source, options), source);
    } catch (RestoreException e) {
      throw new IllegalStateException("what was just compiled cannot be used", e);
    }
  }

  @Override
  public byte[] serialize(WasmUnit unit) {
    return unit.bundle().bytes();
  }

  @Override
  public WasmUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    requireScript(shape);
    return unit(ClassBundle.read(bytes, offset, length), source);
  }

  /** The same way for what was compiled and what was stored, so that both are alike. */
  private static WasmUnit unit(ClassBundle bundle, Source source) throws RestoreException {
    int[] outline = bundle.place(WasmCompiler.OUTLINE);
    if (outline == null) {
      throw new RestoreException("the module is missing");
    }
    WasmModule module;
    try {
      module = ModuleReader.read(bundle.array(), outline[0], outline[1]);
    } catch (RuntimeException e) {
      throw new RestoreException("the module cannot be read: " + e, e);
    }
    return new WasmUnit(source.name(), module, CompiledMachines.of(bundle), bundle);
  }

  private static void requireScript(Shape shape) {
    if (shape.kind() != Shape.Kind.SCRIPT) {
      throw new IllegalArgumentException("WebAssembly has modules of one kind: " + shape.kind());
    }
  }

  /** Same options: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WasmEngine
        && options.text().equals(((WasmEngine) other).options.text());
  }

  @Override
  public int hashCode() {
    return options.text().hashCode();
  }
}
