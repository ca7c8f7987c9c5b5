package dev.thermae.engine.janino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineArtifacts;
import dev.thermae.engine.RestoreException;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.commons.compiler.ICompiler;
import org.codehaus.janino.UnitCompiler;
import org.jspecify.annotations.Nullable;

/**
 * Java source, compiled by Janino, which needs no JDK and starts faster than the JDK's compiler.
 *
 * <p>A source is one compilation unit, or several as a {@link dev.thermae.code.SourceSet}. Its code
 * depends on the build of Janino, the JDK, the options and the classes it was compiled against,
 * which are stored beside it, those included that were looked for in vain: it is refused when one
 * of them has changed, and not when another library has. A unit that was compiled against a class
 * that lies in no file stays in memory.
 *
 * <p>Units belong to the parent loader. Immutable and thread-safe.
 */
public final class JaninoEngine implements Engine<JaninoUnit> {
  private static final int RUNNING_RELEASE = -1;

  private final @Nullable ClassLoader parent;
  private final int release;
  private final boolean variables;
  private volatile @Nullable String identity;
  private volatile @Nullable String surroundings;

  private JaninoEngine(@Nullable ClassLoader parent, int release, boolean variables) {
    this.parent = parent;
    this.release = release;
    this.variables = variables;
  }

  /** An engine with Janino's defaults, for the classes that this thread's loader sees. */
  public static JaninoEngine create() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader parent = context == null ? JaninoEngine.class.getClassLoader() : context;
    return new JaninoEngine(parent, RUNNING_RELEASE, false);
  }

  /** The same engine for sources that see the classes of {@code loader}. */
  public JaninoEngine withParent(@Nullable ClassLoader loader) {
    return new JaninoEngine(loader, release, variables);
  }

  /** The same engine for class files of an older release, such as 8. */
  public JaninoEngine withTargetRelease(int target) {
    return new JaninoEngine(parent, target, variables);
  }

  /** The same engine, whose class files name local variables, for debuggers. */
  public JaninoEngine withLocalVariables() {
    return new JaninoEngine(parent, release, true);
  }

  @Override
  public String id() {
    return "janino";
  }

  /** Null where the jars of Janino cannot be identified: then nothing leaves memory. */
  @Override
  public @Nullable String surroundings() {
    String known = surroundings;
    if (known == null) {
      String artifacts = artifacts().surroundings(" ");
      if (artifacts == null) {
        return null;
      }
      known =
          "janino format "
              + ClassBundle.FORMAT
              + ' '
              + options()
              + ' '
              + artifacts
              + ' '
              + ClassPathIdentity.jdk();
      surroundings = known;
    }
    return known;
  }

  private static EngineArtifacts artifacts() {
    return new EngineArtifacts()
        .and("artifact", UnitCompiler.class)
        .and("commons", ICompiler.class);
  }

  private String options() {
    return "release " + release + " variables " + variables;
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
    parts.put("format", Integer.toString(ClassBundle.FORMAT));
    try {
      artifacts().describe(parts);
    } catch (IllegalStateException e) {
      throw new IllegalStateException("the jars of Janino cannot be identified", e);
    }
    parts.put("jdk", ClassPathIdentity.jdk());
    parts.put("options", options());
    return parts;
  }

  /** Stack traces name the file. */
  @Override
  public boolean bakesName() {
    return true;
  }

  @Override
  public Harvest harvest() {
    return Harvest.ANY_TIME;
  }

  @Override
  public @Nullable Object scope() {
    return parent;
  }

  /**
   * Compiles.
   *
   * @throws CompileException when the source is at fault
   */
  @Override
  public JaninoUnit compile(Source source, Shape shape) {
    return unit(new JaninoCompilation(parent, release, variables, identity()).run(source));
  }

  /**
   * The unit's bytes.
   *
   * @throws RestoreException when it was compiled against a class that no file holds
   */
  @Override
  public byte[] serialize(JaninoUnit unit) throws RestoreException {
    if (!unit.bundle().contains(Dependencies.NAME)) {
      throw new RestoreException("compiled against a class that no file holds");
    }
    return unit.bundle().bytes();
  }

  @Override
  public JaninoUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    ClassBundle bundle = ClassBundle.read(bytes, offset, length);
    Dependencies.check(bundle, new Now());
    return unit(bundle);
  }

  private JaninoUnit unit(ClassBundle bundle) {
    return new JaninoUnit(new BundleLoader(parent, bundle));
  }

  /** Read once; null where the parent does not say where its classes come from. */
  private @Nullable String identity() {
    String known = identity;
    if (known == null) {
      List<File> places = ClassPathIdentity.places(parent);
      known = places == null ? null : ClassPathIdentity.surroundings(places);
      identity = known;
    }
    return known;
  }

  /** Same parent and options: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JaninoEngine
        && parent == ((JaninoEngine) other).parent
        && release == ((JaninoEngine) other).release
        && variables == ((JaninoEngine) other).variables;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(parent) + release;
  }

  /** What the parent loader shows now. */
  private final class Now implements Dependencies.Place {
    @Override
    public @Nullable String identity() {
      return JaninoEngine.this.identity();
    }

    @Override
    public @Nullable String type(String name) throws IOException {
      return Dependencies.checksum(parent, name);
    }

    /** Janino looks into no packages: it asks for one class after the other. */
    @Override
    public String names(String name) {
      return "";
    }
  }
}
