package dev.thermae.engine.quickjs;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineArtifacts;
import dev.thermae.engine.RestoreException;
import io.roastedroot.quickjs4j.core.ScriptCache;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmEngineException;

/**
 * Modern JavaScript in pure Java: QuickJS, as WebAssembly that was compiled to class files, turns a
 * source into its bytecode, and runs it in a {@link QuickJsRuntime}.
 *
 * <p>A source is an ECMAScript module that imports nothing. The code depends on the build of
 * quickjs4j, whose jar holds QuickJS itself, and of the WebAssembly runtime beneath; not on the JDK
 * and not on what a runtime offers to its scripts.
 *
 * <pre>
 * code     = checksum bytecode
 * checksum = u32       ; CRC-32C of the bytecode, big-endian
 * bytecode = *OCTET    ; QuickJS's own
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class QuickJsEngine implements Engine<QuickJsUnit> {
  private static final String FORMAT = "1";
  private static final int CHECKSUM = 4;

  private final String prologue;
  private volatile @Nullable String surroundings;

  private QuickJsEngine(String prologue) {
    this.prologue = prologue;
  }

  /** An engine that compiles sources as they are. */
  public static QuickJsEngine create() {
    return new QuickJsEngine("");
  }

  /**
   * The same engine with {@code text} before the first line of each source, such as {@code var
   * exports = {}, module = {exports};} for libraries that expect them. Columns of the first line
   * count it.
   *
   * @throws IllegalArgumentException when it has a line break, since lines would be miscounted
   */
  public QuickJsEngine withPrologue(String text) {
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a prologue is one line: " + text);
    }
    return new QuickJsEngine(text);
  }

  @Override
  public String id() {
    return "quickjs";
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
      known = "quickjs format " + FORMAT + " prologue " + prologue + ", " + artifacts;
      surroundings = known;
    }
    return known;
  }

  /** A small class out of each jar that decides the code. */
  private static EngineArtifacts artifacts() {
    return new EngineArtifacts()
        .and("quickjs", ScriptCache.class)
        .and("runtime", Machine.class)
        .and("parser", WasmEngineException.class);
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
    parts.put("format", FORMAT);
    parts.put("prologue", prologue);
    artifacts().describe(parts);
    return parts;
  }

  /** QuickJS is given no name. */
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
   * @throws CompileException when the source is at fault
   * @throws IllegalArgumentException when {@code shape} is a function body
   */
  @Override
  public QuickJsUnit compile(Source source, Shape shape) {
    requireNoFunction(shape);
    return new QuickJsUnit(source.name(), QuickJsCompiler.compile(source, prologue));
  }

  @Override
  public byte[] serialize(QuickJsUnit unit) {
    byte[] bytecode = unit.shared();
    byte[] bytes = new byte[CHECKSUM + bytecode.length];
    int checksum = checksum(bytecode, 0, bytecode.length);
    for (int i = 0; i < CHECKSUM; i++) {
      bytes[i] = (byte) (checksum >>> 8 * (CHECKSUM - 1 - i));
    }
    System.arraycopy(bytecode, 0, bytes, CHECKSUM, bytecode.length);
    return bytes;
  }

  @Override
  public QuickJsUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    requireNoFunction(shape);
    if (length <= CHECKSUM) {
      throw new RestoreException("no bytecode in " + length + " bytes");
    }
    int told = 0;
    for (int i = 0; i < CHECKSUM; i++) {
      told = told << 8 | bytes[offset + i] & 0xff;
    }
    int start = offset + CHECKSUM;
    int end = offset + length;
    if (told != checksum(bytes, start, end - start)) {
      throw new RestoreException("the bytecode is damaged or cut short");
    }
    return new QuickJsUnit(source.name(), Arrays.copyOfRange(bytes, start, end));
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static void requireNoFunction(Shape shape) {
    if (shape.kind() == Shape.Kind.FUNCTION) {
      throw new IllegalArgumentException("QuickJS compiles whole sources here: " + shape.kind());
    }
  }

  /** Same prologue: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof QuickJsEngine && prologue.equals(((QuickJsEngine) other).prologue);
  }

  @Override
  public int hashCode() {
    return prologue.hashCode();
  }
}
