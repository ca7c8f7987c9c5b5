package dev.thermae.engine.groovy;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ArtifactIdentity;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyObject;
import java.io.File;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Groovy: a source is compiled to class files, all of which are stored as one unit and defined when
 * they are first needed.
 *
 * <p>Its code depends on the build of Groovy, the configuration, the name of the source, and every
 * class the compiler can see, since types, transformations and extension methods come from there:
 * the JDK by its version, jars and folders of the parent loader by their contents. Where those
 * cannot be told, for a loader that is no {@link java.net.URLClassLoader}, one that compiles, or a
 * configuration with customizers, units stay in memory, unless {@link #identifiedBy} says what they
 * are.
 *
 * <p>Units belong to the parent loader. Immutable and thread-safe; the configuration is copied.
 */
public final class GroovyEngine implements Engine<GroovyUnit> {
  private final @Nullable ClassLoader parent;
  private final CompilerConfiguration configuration;
  private final @Nullable String identity;
  private volatile @Nullable String surroundings;
  private volatile @Nullable GroovyPlacesAbove above;

  private GroovyEngine(
      @Nullable ClassLoader parent,
      CompilerConfiguration configuration,
      @Nullable String identity) {
    this.parent = parent;
    this.configuration = configuration;
    this.identity = identity;
  }

  /** An engine with Groovy's defaults, for the classes that this thread's context loader sees. */
  public static GroovyEngine create() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader parent = context == null ? GroovyEngine.class.getClassLoader() : context;
    return new GroovyEngine(parent, new CompilerConfiguration(), null);
  }

  /** The same engine for scripts that see the classes of {@code loader}. */
  public GroovyEngine withParent(ClassLoader loader) {
    return new GroovyEngine(loader, configuration, identity);
  }

  /** The same engine with another configuration. */
  public GroovyEngine withConfiguration(CompilerConfiguration newConfiguration) {
    return new GroovyEngine(parent, GroovyOptions.copy(newConfiguration), identity);
  }

  /**
   * The same engine for loaders and customizers that cannot be looked at: {@code text} stands for
   * them and has to change whenever they do.
   */
  public GroovyEngine identifiedBy(String text) {
    return new GroovyEngine(parent, configuration, text);
  }

  /** What scripts see; null for the JDK alone. */
  public @Nullable ClassLoader parent() {
    return parent;
  }

  /** A copy of the configuration, with its customizers. */
  public CompilerConfiguration configuration() {
    return GroovyOptions.copy(configuration);
  }

  @Override
  public String id() {
    return "groovy";
  }

  @Override
  public @Nullable String surroundings() {
    String known = surroundings;
    if (known == null) {
      String options = options();
      String artifact = ArtifactIdentity.surroundings(GroovyObject.class);
      String visible = identity == null ? visible() : ClassPathIdentity.jdk();
      List<File> own = GroovyOptions.classPath(configuration);
      String held = own == null ? null : ClassPathIdentity.surroundings(own);
      if (options == null || artifact == null || visible == null || held == null) {
        return null;
      }
      known =
          "groovy format "
              + ClassBundle.FORMAT
              + ' '
              + options
              + ' '
              + artifact
              + ' '
              + visible
              + ' '
              + held;
      surroundings = known;
    }
    return known;
  }

  /** Null below a loader that compiles, since its classes are in no file. */
  private @Nullable String visible() {
    for (ClassLoader each = parent; each != null; each = each.getParent()) {
      if (each instanceof GroovyClassLoader) {
        return null;
      }
    }
    return ClassPathIdentity.surroundings(parent);
  }

  /**
   * Whether {@link #surroundings} tells what a resource of the parent holds: it is the JDK's, or
   * lies on the class path, or {@link #identifiedBy} stands for it.
   */
  public boolean tells(URL resource) {
    if (identity != null || resource.getProtocol().equals("jrt")) {
      return true;
    }
    GroovyPlacesAbove known = above;
    if (known == null) {
      known = GroovyPlacesAbove.of(parent);
      above = known;
    }
    return known.holds(resource);
  }

  private @Nullable String options() {
    return GroovyOptions.describe(configuration, identity);
  }

  /**
   * The named parts of the fingerprint.
   *
   * @throws IllegalStateException when one of them cannot be told; {@link #surroundings} is null
   *     then
   */
  @Override
  public Map<String, String> fingerprintParts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("engine", id());
    parts.put("format", Integer.toString(ClassBundle.FORMAT));
    parts.put("artifact", told(ArtifactIdentity.digest(GroovyObject.class), "Groovy's jar"));
    parts.put("options", told(options(), "the configuration"));
    parts.put("jdk", ClassPathIdentity.jdk());
    List<File> own = GroovyOptions.classPath(configuration);
    if (own == null || !own.isEmpty()) {
      String held = own == null ? null : ClassPathIdentity.digest(own);
      parts.put("configured classpath", told(held, "the configuration's class path"));
    }
    if (identity == null) {
      parts.put("classpath", told(ClassPathIdentity.digest(parent), "the parent class loader"));
    }
    return parts;
  }

  private static String told(@Nullable String value, String what) {
    if (value == null) {
      throw new IllegalStateException(what + " cannot be identified");
    }
    return value;
  }

  /** The name of a script is that of its class. */
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
   * Compiles a script, or classes, or several files as a {@link dev.thermae.code.SourceSet}, whose
   * main class is the first one of the file that sorts first.
   *
   * @throws CompileException when the source is at fault
   * @throws IllegalArgumentException when {@code shape} is not a script
   */
  @Override
  public GroovyUnit compile(Source source, Shape shape) {
    requireScript(shape);
    return new GroovyCompiler(parent, configuration).compile(source);
  }

  /**
   * Compiles a script as {@code sees} itself would, and defines nothing: for loaders that define
   * the classes themselves. The main class is the one that a loader of Groovy's would give.
   *
   * @param fileName names the script's class and stands in its stack traces
   * @param sees the loader whose classes the script sees
   * @throws CompileException when the source is at fault
   * @throws IllegalStateException when it needs sources that lie on the class path
   */
  public ClassBundle compileClasses(Source source, String fileName, ClassLoader sees) {
    return new GroovyCompiler(sees, configuration).classes(source, fileName);
  }

  @Override
  public byte[] serialize(GroovyUnit unit) {
    return unit.bundle().bytes();
  }

  @Override
  public GroovyUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    requireScript(shape);
    ClassBundle bundle = ClassBundle.read(bytes, offset, length);
    return new GroovyCompiler(parent, configuration).define(source, bundle);
  }

  /** Same parent, settings and identity: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof GroovyEngine)) {
      return false;
    }
    GroovyEngine that = (GroovyEngine) other;
    String told = options();
    return parent == that.parent
        && (configuration == that.configuration || told != null && told.equals(that.options()));
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(parent);
  }

  private static void requireScript(Shape shape) {
    if (shape.kind() != Shape.Kind.SCRIPT) {
      throw new IllegalArgumentException("Groovy compiles scripts only, not a " + shape.kind());
    }
  }
}
