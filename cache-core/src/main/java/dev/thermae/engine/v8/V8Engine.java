package dev.thermae.engine.v8;

import com.caoccao.javet.exceptions.BaseJavetScriptingException;
import com.caoccao.javet.exceptions.JavetCompilationException;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.exceptions.JavetScriptingError;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.interop.V8ScriptOrigin;
import com.caoccao.javet.values.reference.IV8Cacheable;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ArtifactIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * V8, in a runtime of Javet's that the user creates and closes: scripts and ECMAScript modules.
 *
 * <p>V8 compiles functions when they are first called, so what is stored is what V8 holds after a
 * run: say {@code Compiled.ran()} after it. Code depends on the build of V8, its flags and its
 * snapshot, all of which V8 tells in a header; code whose header is another is refused before V8
 * sees it, and what this refuses is what V8 would have refused without a word. The name of a source
 * is not part of the code. V8 verifies neither payload nor source: the seal does, and a checksum of
 * ours behind it. The bytes are not reproducible, since V8 writes what it happens to hold.
 *
 * <p>A unit belongs to its runtime. A runtime is used by one thread at a time: while one is in it,
 * through an engine or a unit, others get an {@link IllegalStateException}; nobody waits, since the
 * one inside may in turn wait for a unit that the other one loads. Immutable; several engines of
 * one runtime are one.
 */
public final class V8Engine implements Engine<V8Unit> {
  private final RuntimeHold hold;

  private V8Engine(RuntimeHold hold) {
    this.hold = hold;
  }

  /** The engine of a runtime, which is not closed here. */
  public static V8Engine of(V8Runtime runtime) {
    return new V8Engine(RuntimeHold.of(runtime));
  }

  /**
   * The engine of a runtime of its own, which is made at the first call, with Javet's defaults, and
   * open until the process ends: for tools, which compile and run nothing. It is always the same
   * one.
   *
   * @throws IllegalStateException when V8 does not start, as where its native library is missing
   */
  public static V8Engine ofProcess() {
    return ProcessRuntime.engine();
  }

  /**
   * The runtime of this engine.
   *
   * @throws IllegalStateException when it is closed, or another thread is in it
   */
  public V8Runtime runtime() {
    return hold.free();
  }

  @Override
  public String id() {
    return "v8";
  }

  @Override
  public @Nullable String surroundings() {
    String artifact = ArtifactIdentity.surroundings(V8Runtime.class);
    return artifact == null
        ? null
        : "v8 format "
            + CheckedCode.FORMAT
            + ' '
            + hold.header().text()
            + ' '
            + machine()
            + ' '
            + artifact;
  }

  private static String machine() {
    return System.getProperty("os.name") + '/' + System.getProperty("os.arch");
  }

  /**
   * The named parts of the fingerprint.
   *
   * @throws IllegalStateException when Javet's jar cannot be identified; {@link #surroundings} is
   *     null then
   */
  @Override
  public Map<String, String> fingerprintParts() {
    String artifact = ArtifactIdentity.digest(V8Runtime.class);
    if (artifact == null) {
      throw new IllegalStateException("Javet comes from a place that cannot be identified");
    }
    V8Runtime runtime = hold.free();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("engine", id());
    parts.put("format", Integer.toString(CheckedCode.FORMAT));
    parts.put("artifact", artifact);
    parts.put("v8", hold.header().text());
    parts.put("version", runtime.getJSRuntimeType().getName() + ' ' + runtime.getVersion());
    parts.put("machine", machine());
    return parts;
  }

  @Override
  public boolean bakesName() {
    return false;
  }

  @Override
  public Harvest harvest() {
    return Harvest.AFTER_RUN;
  }

  /**
   * What stands for the runtime until it is closed or reset.
   *
   * @throws IllegalStateException when it is closed, or another thread is in it
   */
  @Override
  public Object scope() {
    return hold.mark();
  }

  /**
   * Closes every script that was compiled in the runtime by an engine, after which later loads
   * begin anew. Without it the runtime closes them, and Javet warns of objects that were not
   * recycled.
   *
   * @throws IllegalStateException when the runtime is closed, or another thread is in it
   */
  public void closeScripts() {
    hold.closeAll();
  }

  /**
   * Compiles a script or a module.
   *
   * @throws CompileException when the source is at fault
   * @throws IllegalArgumentException when {@code shape} is a function or strict
   * @throws IllegalStateException when the runtime is closed, or another thread is in it
   */
  @Override
  public V8Unit compile(Source source, Shape shape) {
    try {
      return make(source, shape, null);
    } catch (JavetCompilationException e) {
      throw fault(source, e);
    } catch (JavetException e) {
      throw new IllegalStateException("V8 cannot compile " + source.name(), e);
    }
  }

  private static CompileException fault(Source source, BaseJavetScriptingException e) {
    JavetScriptingError error = e.getScriptingError();
    return new CompileException(
        error.getDetailedMessage(),
        source.name(),
        error.getLineNumber(),
        error.getStartColumn() + 1,
        e);
  }

  private V8Unit make(Source source, Shape shape, byte @Nullable [] code) throws JavetException {
    requireProgram(shape);
    boolean module = shape.kind() == Shape.Kind.MODULE;
    V8ScriptOrigin origin = new V8ScriptOrigin(source.name(), shape.firstLine() - 1, 0);
    V8Runtime runtime = hold.enter();
    try {
      IV8Cacheable object =
          module
              ? runtime.compileV8Module(source.text(), code, origin.setModule(true), true)
              : runtime.compileV8Script(source.text(), code, origin, true);
      return new V8Unit(hold, object, source.isAscii());
    } finally {
      hold.leave();
    }
  }

  /**
   * What V8 holds of the unit by now; the more of it ran, the more it is.
   *
   * @throws IllegalStateException when the runtime is closed, or another thread is in it
   */
  @Override
  public byte[] serialize(V8Unit unit) throws RestoreException {
    unit.hold().enter();
    try {
      return CheckedCode.wrap(unit.object().getCachedData(), unit.isOfAscii());
    } catch (JavetException e) {
      throw new RestoreException("V8 gives no code", e);
    } finally {
      unit.hold().leave();
    }
  }

  /** A module is evaluated once, so it is for one caller. */
  @Override
  public boolean shares(V8Unit unit) {
    return !unit.isModule();
  }

  @Override
  public V8Unit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    requireProgram(shape);
    boolean module = shape.kind() == Shape.Kind.MODULE;
    CheckedCode.verify(bytes, offset, length);
    String text = CheckedCode.isAscii(bytes, offset) ? source.asciiText() : source.text();
    byte[] code = CheckedCode.code(bytes, offset, length);
    String refusal = hold.header().refusal(code, text.length(), module);
    if (refusal != null) {
      throw new RestoreException("V8 would refuse this code: " + refusal);
    }
    try {
      return make(source, shape, code);
    } catch (JavetException e) {
      throw new RestoreException("V8 does not take this code", e);
    }
  }

  /** Same runtime: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof V8Engine && hold == ((V8Engine) other).hold;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(hold);
  }

  private static void requireProgram(Shape shape) {
    if (shape.kind() == Shape.Kind.FUNCTION
        || shape.strict() && shape.kind() == Shape.Kind.SCRIPT) {
      throw new IllegalArgumentException("V8 compiles sloppy scripts and modules, not " + shape);
    }
  }
}
