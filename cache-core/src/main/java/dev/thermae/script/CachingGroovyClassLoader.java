package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.groovy.GroovyEngine;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Groovy's class loader, whose {@code parseClass} takes compiled classes from a cache and gives
 * them to it: all classes of a source are one unit. It is what {@link GroovyClassLoader} is in
 * everything else; each loader defines classes of its own, and they go with it. Thread-safe.
 *
 * <pre>{@code
 * GroovyEngine engine = GroovyEngine.create();
 * try (CodeCache cache = CodeCache.builder().build();
 *     GroovyClassLoader loader = new CachingGroovyClassLoader(cache, engine)) {
 *   Class<?> type = loader.parseClass(new File("Billing.groovy"));
 * }
 * }</pre>
 *
 * <p>With the classes everything is kept that the compiler asked this loader for, found or not:
 * other sources, by their text, classes of other scripts, by what they were compiled from. A unit
 * whose answers would differ now is a miss, counted as {@link Rejection#DEPENDENCY}. Where the
 * answers cannot be recognized later, Groovy compiles as if there were no cache, which is counted
 * with the same reason: classes that came into the loader or its parent by other ways or lie in
 * folders added to it, transformations that are scripts themselves, jars that are asked for while
 * compiling, a target folder, and settings that {@link GroovyEngine#surroundings} cannot tell.
 */
public class CachingGroovyClassLoader extends NotingGroovyClassLoader {
  private static final int MOST_STATES = 8;

  static {
    registerAsParallelCapable();
  }

  private final CodeCache cache;
  private final GroovyEngine settings;
  private final CompilerConfiguration configuration;
  private final Map<String, Class<?>> parsed = new ConcurrentHashMap<>();
  private final ReentrantLock parsing = new ReentrantLock();
  private volatile @Nullable GroovyLoaderUnits units;

  /**
   * A loader below the parent of {@code engine}, with a copy of its configuration. Loaders of one
   * engine look at its class path once.
   *
   * @param cache stays the caller's to close
   */
  public CachingGroovyClassLoader(CodeCache cache, GroovyEngine engine) {
    this(cache, engine, engine.configuration(), true);
  }

  CachingGroovyClassLoader(
      CodeCache cache,
      GroovyEngine engine,
      CompilerConfiguration configuration,
      boolean withClassPath) {
    super(engine.parent(), configuration, withClassPath);
    this.cache = cache;
    this.settings = withoutClassPath(engine, configuration);
    this.configuration = configuration;
  }

  /** What is configured there is a place of this loader, which looks at what a unit asked for. */
  private static GroovyEngine withoutClassPath(
      GroovyEngine engine, CompilerConfiguration configuration) {
    if (configuration.getClasspath().isEmpty()) {
      return engine;
    }
    CompilerConfiguration without = engine.configuration();
    without.setClasspathList(List.of());
    return engine.withConfiguration(without);
  }

  @Override
  public Class<?> parseClass(GroovyCodeSource code, boolean shouldCacheSource)
      throws CompilationFailedException {
    GroovyCompile outer = CURRENT.get();
    if (outer != null) {
      outer.lookups.untold("it compiles other sources by itself");
      CURRENT.remove();
      try {
        return super.parseClass(code, shouldCacheSource);
      } finally {
        CURRENT.set(outer);
      }
    }
    String text = code.getScriptText();
    String key =
        genEncodingString(
            text == null ? "name " + code.getName() : code.getCodeSource() + "\n" + text);
    parsing.lock();
    try {
      Class<?> known = parsed.get(key);
      if (known == null) {
        known = answer(code);
        if (shouldCacheSource && known != null) {
          parsed.put(key, known);
        }
      }
      return known;
    } finally {
      parsing.unlock();
    }
  }

  private Class<?> answer(GroovyCodeSource code) {
    String why = untold(code);
    String text = why == null ? GroovyRequest.text(code, configuration) : null;
    if (text == null) {
      if (why != null) {
        refuse("unit of " + code.getName(), why);
      }
      return super.parseClass(code, false);
    }
    GroovyCompile compile = new GroovyCompile(this, code, text);
    CURRENT.set(compile);
    try {
      ClassBundle bundle = find(compile, Source.of(code.getName(), text));
      Throwable failure = compile.failure();
      if (failure != null) {
        throw CachingGroovyClassLoader.<RuntimeException>again(failure);
      }
      if (!compile.isDone() && bundle != null) {
        Class<?> found = define(bundle, code);
        if (found != null) {
          return found;
        }
      }
    } finally {
      CURRENT.remove();
    }
    Class<?> made = compile.result();
    return made == null ? super.parseClass(code, false) : made;
  }

  /** What of this loader's settings has to be left to Groovy, or null. */
  private @Nullable String untold(GroovyCodeSource code) {
    if (configuration.getTargetDirectory() != null) {
      return "its classes are to be written to a folder";
    }
    if (getParent() == null || code.getName().indexOf('\n') >= 0) {
      return "its surroundings cannot be told";
    }
    return units().surroundings() == null ? "its surroundings cannot be told" : null;
  }

  /**
   * What is kept for the answers that the compiler would get now: the unit that was compiled first,
   * or one that goes by other answers to the same questions. Null where the compiler has run.
   */
  private @Nullable ClassBundle find(GroovyCompile compile, Source source) {
    String shape = GroovyRequest.place(compile.code, recompiles());
    try {
      for (int i = 0; i < MOST_STATES; i++) {
        ClassBundle bundle = cache.compile(units(), source, Shape.SCRIPT.named(shape), null).code();
        if (compile.isDone()) {
          return null;
        }
        Map<String, String> then = GroovyLookups.read(bundle);
        Map<String, String> now = places().now(then);
        if (now.equals(then)) {
          return bundle;
        }
        refuse("code of " + source.name(), GroovyRequest.changed(then, now));
        shape = shape + '\n' + GroovyRequest.digest(now);
      }
      refuse("unit of " + source.name(), "it was compiled in too many surroundings");
    } catch (CompileException | IllegalStateException e) {
      // What others failed to compile is compiled here once more, for an error of its own.
      if (compile.isDone() && compile.failure() == null) {
        refuse("unit of " + source.name(), String.valueOf(compile.lookups.untold()));
      }
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      cache.counters().onFault("script " + source.name(), e);
    }
    return null;
  }

  private boolean recompiles() {
    Boolean told = isShouldRecompile();
    return told == null ? configuration.getRecompileGroovySource() : told;
  }

  private void refuse(String where, String detail) {
    cache.counters().onRejected(where, Rejection.DEPENDENCY, detail);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // unchecked for the compiler
  private static <E extends Throwable> E again(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Compiles what this thread was asked for, and defines it; {@code asked} made the key. */
  ClassBundle compileNow(Source source, GroovyLoaderUnits asked) {
    GroovyCompile compile = CURRENT.get();
    if (compile == null || compile.isDone() || !compile.text.equals(source.text())) {
      throw new IllegalStateException("this loader was not asked for it");
    }
    compile.noting = true;
    try {
      places().noteExtensions(compile.lookups);
      compile.ended(super.parseClass(compile.code, false));
      compiled(compile);
      if (!units().equals(asked)) {
        compile.lookups.untold("its settings or jars changed while it was compiled");
      }
    } catch (Throwable e) {
      compile.failed(e);
      throw new CompileException(
          String.valueOf(e.getMessage()), source.name(), 0, 0, new IllegalStateException("Groovy"));
    } finally {
      compile.noting = false;
    }
    return compile.bundle();
  }

  private @Nullable Class<?> define(ClassBundle bundle, GroovyCodeSource code) {
    try {
      GroovyDefinedUnit unit =
          new GroovyDefinedUnit(
              this, bundle, code.getCodeSource(), configuration.getBytecodePostprocessor());
      List<Class<?>> all = unit.defineAll(bundle);
      for (Class<?> each : all) {
        setClassCacheEntry(each);
        String name = each.getPackageName();
        if (!name.isEmpty() && getDefinedPackage(name) == null) {
          definePackage(name, null, null, null, null, null, null, null);
        }
      }
      defined(bundle, all);
      return unit.loadClass(bundle.main());
    } catch (ClassNotFoundException | IOException | RuntimeException | LinkageError e) {
      cache.counters().onFault("script " + code.getName(), e);
      return null;
    }
  }

  /** For loaders that keep more with a unit: the compiler is done, and its classes are defined. */
  void compiled(GroovyCompile compile) {}

  /** For loaders that keep more with a unit: {@code all} came from {@code bundle}. */
  void defined(ClassBundle bundle, List<Class<?>> all) throws IOException {}

  /** What it compiles with. */
  GroovyEngine settings() {
    return settings;
  }

  private GroovyLoaderUnits units() {
    GroovyLoaderUnits known = units;
    GroovyEngine now = settings();
    if (known == null || !known.isOf(now)) {
      known = GroovyLoaderUnits.of(this, now, getURLs());
      units = known;
    }
    return known;
  }

  @Override
  boolean isTold(File jar) {
    return units().jars().contains(jar);
  }

  @Override
  boolean isToldAbove(URL resource) {
    return settings().tells(resource);
  }

  /** A loader whose answers are of another kind now. */
  @Override
  public void addURL(URL url) {
    super.addURL(url);
    units = null;
    GroovyCompile compile = noting();
    if (compile != null) {
      compile.lookups.untold("jars were added while it was compiled");
    }
  }

  @Override
  public void clearCache() {
    super.clearCache();
    if (parsed != null) {
      parsed.clear();
    }
  }
}
