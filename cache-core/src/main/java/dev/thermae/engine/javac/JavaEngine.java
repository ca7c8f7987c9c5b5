package dev.thermae.engine.javac;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.StandardJavaFileManager;
import org.jspecify.annotations.Nullable;

/**
 * Java source, compiled by the compiler of the JDK that runs.
 *
 * <p>A source is one compilation unit, or several as a {@link dev.thermae.code.SourceSet}. Its code
 * depends on the JDK, the options and the classes it was compiled against, which are stored beside
 * it: it is refused when one of them has changed, and not when another library has. The compiler is
 * needed for what is not stored yet, and not to load what is. Annotation processors do not run.
 *
 * <p>Units belong to the parent loader. Immutable and thread-safe.
 */
public final class JavaEngine implements Engine<JavaUnit> {
  private static final List<String> ALWAYS = List.of("-proc:none", "-implicit:none");
  private static final List<String> NOT_OURS =
      List.of(
          "-proc",
          "-A",
          "-cp",
          "-classpath",
          "--class-path",
          "-d",
          "-s",
          "-h",
          "-sourcepath",
          "--source-path",
          "--module-path",
          "-p",
          "--module",
          "-m",
          "-Xplugin");

  private final @Nullable ClassLoader parent;
  private final List<File> classPath;
  private final List<String> options;
  private volatile @Nullable String identity;

  private JavaEngine(@Nullable ClassLoader parent, List<File> classPath, List<String> options) {
    this.parent = parent;
    this.classPath = classPath;
    this.options = options;
  }

  /** An engine with the compiler's defaults, for the classes that this thread's loader sees. */
  public static JavaEngine create() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader own = JavaEngine.class.getClassLoader();
    return new JavaEngine(own, List.of(), ALWAYS).withParent(context == null ? own : context);
  }

  /**
   * The same engine for sources that see the classes of {@code loader}.
   *
   * @throws IllegalArgumentException when it does not say where they come from: only loaders of the
   *     JDK's own kinds do
   */
  public JavaEngine withParent(@Nullable ClassLoader loader) {
    List<File> places = ClassPathIdentity.places(loader);
    if (places == null) {
      throw new IllegalArgumentException(
          "no class path is known of " + loader + ": name it with withParent(loader, classPath)");
    }
    return new JavaEngine(loader, places, options);
  }

  /** The same engine for a loader whose classes come from {@code path}, jars and folders. */
  public JavaEngine withParent(@Nullable ClassLoader loader, List<File> path) {
    return new JavaEngine(loader, List.copyOf(path), options);
  }

  /**
   * The same engine with options of the compiler, such as {@code -parameters} or {@code --release}.
   *
   * @throws IllegalArgumentException for an option that is not the caller's to set
   */
  public JavaEngine withOptions(List<String> chosen) {
    List<String> all = new ArrayList<>(ALWAYS);
    for (String option : chosen) {
      for (String fixed : NOT_OURS) {
        if (option.equals(fixed) || option.startsWith(fixed + ':') || option.startsWith("-A")) {
          throw new IllegalArgumentException("the option is not to be set: " + option);
        }
      }
      all.add(option);
    }
    return new JavaEngine(parent, classPath, List.copyOf(all));
  }

  @Override
  public String id() {
    return "javac";
  }

  @Override
  public String surroundings() {
    return "javac format " + ClassBundle.FORMAT + ' ' + options + ' ' + ClassPathIdentity.jdk();
  }

  @Override
  public Map<String, String> fingerprintParts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("engine", id());
    parts.put("format", Integer.toString(ClassBundle.FORMAT));
    parts.put("jdk", ClassPathIdentity.jdk());
    parts.put("options", options.toString());
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
   * @throws IllegalStateException when this Java runtime has no compiler
   */
  @Override
  public JavaUnit compile(Source source, Shape shape) {
    return unit(new JavaCompilation(options, classPath, identity()).run(source));
  }

  @Override
  public byte[] serialize(JavaUnit unit) {
    return unit.bundle().bytes();
  }

  @Override
  public JavaUnit restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    ClassBundle bundle = ClassBundle.read(bytes, offset, length);
    Dependencies.check(bundle, new Now());
    return unit(bundle);
  }

  private JavaUnit unit(ClassBundle bundle) {
    return new JavaUnit(new BundleLoader(parent, bundle));
  }

  /** Read once: a jar that is replaced later is not the one whose classes run here. */
  private @Nullable String identity() {
    String known = identity;
    if (known == null) {
      known = ClassPathIdentity.surroundings(classPath);
      identity = known;
    }
    return known;
  }

  /** Same parent, class path and options: such engines share their units. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JavaEngine
        && parent == ((JavaEngine) other).parent
        && classPath.equals(((JavaEngine) other).classPath)
        && options.equals(((JavaEngine) other).options);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(parent) + options.hashCode();
  }

  /** The class path as it is. */
  private final class Now implements Dependencies.Place {
    @Override
    public @Nullable String identity() {
      return JavaEngine.this.identity();
    }

    @Override
    public @Nullable String type(String name) throws IOException {
      return Dependencies.checksum(parent, name);
    }

    @Override
    public String names(String name) throws IOException {
      try (StandardJavaFileManager files = JavaCompilation.files(classPath)) {
        return RecordingFiles.names(files, name);
      }
    }
  }
}
