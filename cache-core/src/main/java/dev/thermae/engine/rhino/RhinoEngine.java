package dev.thermae.engine.rhino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ArtifactIdentity;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.Script;

/**
 * Mozilla Rhino, in interpreted mode: scripts are compiled to interpreter code, which is stored and
 * decoded function by function. {@link #withClassFiles} is for what stays hot.
 *
 * <p>Code is compiled as a new Context of the engine's factory would compile it, in the engine's
 * language version, whatever the current Context is set to; run it in a Context of the same
 * language version. Interpreter code depends on the build of Rhino and on these options, and not on
 * the JDK or the architecture. The name of a source is not part of it. A unit belongs to no scope
 * and may run in several threads at once, each in its own scope, as Rhino's own scripts may.
 *
 * <p>Where Rhino is a named module, its package {@code org.mozilla.javascript} must be open to this
 * one, or units stay in memory. Immutable and thread-safe.
 */
public final class RhinoEngine implements Engine<Script> {
  private static volatile @Nullable String artifact;

  private final ContextFactory factory;
  private final int languageVersion;
  private final boolean classFiles;
  private volatile @Nullable RhinoOptions options;
  private volatile @Nullable String surroundings;

  private RhinoEngine(ContextFactory factory, int languageVersion, boolean classFiles) {
    this.factory = factory;
    this.languageVersion = languageVersion;
    this.classFiles = classFiles;
  }

  /** An engine for the newest ECMAScript that Rhino knows, with the global ContextFactory. */
  public static RhinoEngine create() {
    return new RhinoEngine(ContextFactory.getGlobal(), Context.VERSION_ECMASCRIPT, false);
  }

  /** The same engine for another language version, one of Context's VERSION constants. */
  public RhinoEngine withLanguageVersion(int version) {
    if (!Context.isValidLanguageVersion(version)) {
      throw new IllegalArgumentException("not a language version of Rhino: " + version);
    }
    return new RhinoEngine(factory, version, classFiles);
  }

  /**
   * The same engine with the features of another factory, which is asked once, and whose Contexts
   * are entered on threads that are in none.
   */
  public RhinoEngine withContextFactory(ContextFactory newFactory) {
    return new RhinoEngine(newFactory, languageVersion, classFiles);
  }

  /**
   * The same engine with class files as its form, as Rhino's own default mode has them: the JIT
   * makes loops in them several times faster than interpreter code, but they take longer to compile
   * and to begin, and more room. For scripts that run for long; interpreter code starts fastest.
   *
   * <p>A script beyond the limits of class files (64 KB of code in a function, 65,535 constants)
   * becomes interpreter code and is stored as such. Continuations do not work in class files, and
   * debuggers do not see them. The JDK and the name of a source are part of such code, and each
   * unit has a class loader of its own below Rhino's; loaders that a ContextFactory would create
   * are not used, and with a SecurityController scripts become interpreter code.
   */
  public RhinoEngine withClassFiles() {
    return new RhinoEngine(factory, languageVersion, true);
  }

  @Override
  public String id() {
    return "rhino";
  }

  /** Read once: a jar that is replaced later is not the one whose classes run here. */
  private static @Nullable String artifact() {
    String read = artifact;
    if (read == null) {
      read = ArtifactIdentity.surroundings(Context.class);
      artifact = read;
    }
    return read;
  }

  @Override
  public @Nullable String surroundings() {
    String known = surroundings;
    if (known == null) {
      String artifact = RhinoAccess.possible() ? artifact() : null;
      if (artifact == null) {
        return null;
      }
      StringBuilder text = new StringBuilder(128);
      text.append("rhino format ").append(RhinoCodeBytes.FORMAT).append(' ');
      options().describe(text);
      text.append(' ').append(artifact);
      if (classFiles) {
        text.append(" class files ").append(ClassFileReader.FORMAT).append(' ');
        text.append(ClassBundle.FORMAT).append(' ').append(ClassPathIdentity.jdk());
      }
      known = text.toString();
      surroundings = known;
    }
    return known;
  }

  /**
   * The named parts of the fingerprint.
   *
   * @throws IllegalStateException when Rhino's jar cannot be identified; {@link #surroundings} is
   *     null then
   */
  @Override
  public Map<String, String> fingerprintParts() {
    String artifact = ArtifactIdentity.digest(Context.class);
    if (artifact == null) {
      throw new IllegalStateException("Rhino comes from a place that cannot be identified");
    }
    String now = ArtifactIdentity.surroundings(Context.class);
    if (now == null || !now.equals(artifact())) {
      throw new IllegalStateException("Rhino's jar was replaced while it is in use");
    }
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("engine", id());
    parts.put("format", Integer.toString(RhinoCodeBytes.FORMAT));
    parts.put("artifact", artifact);
    options().describe(parts);
    if (classFiles) {
      parts.put("form", "class files " + ClassFileReader.FORMAT + ' ' + ClassBundle.FORMAT);
      parts.put("jdk", ClassPathIdentity.jdk());
    }
    return parts;
  }

  /** Class files name their source, for stack traces. */
  @Override
  public boolean bakesName() {
    return classFiles;
  }

  @Override
  public Harvest harvest() {
    return RhinoAccess.possible() ? Harvest.ANY_TIME : Harvest.NEVER;
  }

  /**
   * Compiles a script. Warnings go to the reporter of the current Context; nothing is printed.
   *
   * @throws CompileException when the source is at fault, or nested deeper than Rhino's parser can
   *     follow on this thread's stack
   * @throws IllegalArgumentException when {@code shape} is not a script
   */
  @Override
  public Script compile(Source source, Shape shape) {
    requireScript(shape);
    return RhinoCompiler.compile(options(), source, shape, classFiles);
  }

  /**
   * Turns a unit into bytes, before or after it ran.
   *
   * @throws RestoreException when the unit is neither interpreter code nor class files of this
   *     engine, belongs to a security domain, or Rhino is not open to us
   */
  @Override
  public byte[] serialize(Script unit) throws RestoreException {
    if (unit instanceof ClassFileScript) {
      RhinoAccess.require();
      return ((ClassFileScript) unit).bytes();
    }
    if (!(unit instanceof JSScript)) {
      throw new RestoreException("not a script that this engine compiled");
    }
    return RhinoCodeWriter.write(((JSScript) unit).getDescriptor(), options(), RhinoAccess.get());
  }

  /**
   * Makes a unit. Functions in interpreter code are decoded when they are first needed; a malformed
   * one then throws {@link dev.thermae.engine.CorruptCodeException} through the running script.
   * Class files are verified here.
   */
  @Override
  public Script restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    requireScript(shape);
    try {
      if (classFiles && ClassFileReader.isForm(bytes, offset, length)) {
        return ClassFileReader.restore(bytes, offset, length, source, options());
      }
      RhinoCodeReader reader =
          new RhinoCodeReader(bytes, offset, length, source, options(), RhinoAccess.get());
      JSDescriptor<JSScript> script = reader.function(0, null);
      return new RestoredScript(script, reader);
    } catch (RuntimeException | LinkageError e) {
      throw new RestoreException("Rhino code refused: " + e.getMessage(), e);
    }
  }

  /**
   * {@inheritDoc} A tagged template's call site is an object of the scope that first ran it, and
   * Rhino keeps it in the unit: such a unit is for one caller.
   */
  @Override
  public boolean shares(Script unit) {
    if (unit instanceof RestoredScript) {
      return !((RestoredScript) unit).isScoped();
    }
    if (unit instanceof ClassFileScript) {
      return !((ClassFileScript) unit).isScoped();
    }
    try {
      return unit instanceof JSScript
          && !FunctionParts.hasTemplates(((JSScript) unit).getDescriptor(), RhinoAccess.get());
    } catch (RestoreException e) {
      return false;
    }
  }

  /**
   * Tells of functions that cannot be decoded, and of class files that cannot be linked further.
   */
  @Override
  public void watch(Script unit, Consumer<Throwable> listener) {
    if (unit instanceof RestoredScript) {
      ((RestoredScript) unit).reader().onFault(listener);
    } else if (unit instanceof ClassFileScript) {
      ((ClassFileScript) unit).onFault(listener);
    }
  }

  /** Same factory, language version and form: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RhinoEngine
        && factory == ((RhinoEngine) other).factory
        && languageVersion == ((RhinoEngine) other).languageVersion
        && classFiles == ((RhinoEngine) other).classFiles;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(factory) + languageVersion;
  }

  private RhinoOptions options() {
    RhinoOptions known = options;
    if (known == null) {
      known = RhinoOptions.of(factory, languageVersion);
      options = known;
    }
    return known;
  }

  private static void requireScript(Shape shape) {
    if (shape.kind() != Shape.Kind.SCRIPT) {
      throw new IllegalArgumentException("Rhino compiles scripts only, not a " + shape.kind());
    }
  }
}
