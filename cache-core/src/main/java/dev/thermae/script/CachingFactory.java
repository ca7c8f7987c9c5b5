package dev.thermae.script;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * A factory in front of one that is on the same class path. It answers like that one, except that
 * its engine name sorts before all others, because {@code ScriptEngineManager} asks in the order of
 * those names.
 *
 * <p>Where the other one is missing, or caching is switched off, it answers to no name at all. It
 * takes over from the factory it wraps, and from no other: a name for which the manager would have
 * asked somebody else is left to that one. Thread-safe.
 */
abstract class CachingFactory implements ScriptEngineFactory {
  /** By name, because another class loader may have brought another copy of them. */
  private static final List<String> OURS =
      List.of("dev.thermae.script.CachingGroovyFactory", "dev.thermae.script.CachingRhinoFactory");

  private final String title;
  private final String language;
  private final String wrappedType;
  private volatile @Nullable ScriptEngineFactory wrapped;
  private volatile boolean missing;
  private volatile boolean refused;
  private volatile @Nullable List<ScriptEngineFactory> rivals;

  /** {@code language} is what settings call it. */
  CachingFactory(String title, String language, String wrappedType) {
    this.title = title;
    this.language = language;
    this.wrappedType = wrappedType;
  }

  /**
   * An engine of {@code factory} that compiles through the cache.
   *
   * @throws ReflectiveOperationException or any unchecked one where that cannot be
   */
  abstract ScriptEngine caching(ScriptEngineFactory factory) throws ReflectiveOperationException;

  @Override
  public ScriptEngine getScriptEngine() {
    ScriptEngineFactory factory = present();
    if (!refused && ScriptCaching.isEnabled(language)) {
      try {
        return caching(factory);
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        refused = true;
        ScriptCaching.warn("No cache for scripts in " + language, e);
      }
    }
    return factory.getScriptEngine();
  }

  /** The wrapped factory; null where there is none that our own classes can see. */
  @Nullable ScriptEngineFactory wrapped() {
    ScriptEngineFactory known = wrapped;
    if (known == null && !missing) {
      try {
        ClassLoader own = CachingFactory.class.getClassLoader();
        Class<?> type = Class.forName(wrappedType, true, own);
        known = (ScriptEngineFactory) type.getDeclaredConstructor().newInstance();
        wrapped = known;
      } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
        missing = true;
      }
    }
    return known;
  }

  /** What of the wrapped factory's {@code kind} is ours to answer to. */
  private List<String> claimed(Function<ScriptEngineFactory, List<String>> kind) {
    ScriptEngineFactory factory = ScriptCaching.isEnabled(language) ? wrapped() : null;
    List<String> mine = new ArrayList<>();
    if (factory != null) {
      mine.addAll(kind.apply(factory));
      String name = factory.getEngineName();
      for (ScriptEngineFactory rival : rivals()) {
        if (isAskedBefore(rival.getEngineName(), name)) {
          mine.removeAll(kind.apply(rival));
        }
      }
    }
    return List.copyOf(mine);
  }

  private static boolean isAskedBefore(@Nullable String rival, String name) {
    return rival != null && rival.compareTo(name) < 0;
  }

  /** Whether any other factory answers to {@code name}. */
  boolean isAnswered(String name) {
    for (ScriptEngineFactory rival : rivals()) {
      if (rival.getNames().contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** The other factories that a manager finds, ours and the wrapped one left out. */
  private List<ScriptEngineFactory> rivals() {
    List<ScriptEngineFactory> known = rivals;
    if (known == null) {
      known = findRivals();
      rivals = known;
    }
    return known;
  }

  private List<ScriptEngineFactory> findRivals() {
    List<ScriptEngineFactory> found = new ArrayList<>();
    ServiceLoader.load(ScriptEngineFactory.class).stream()
        .iterator()
        .forEachRemaining(
            provider -> {
              try {
                String type = provider.type().getName();
                if (!OURS.contains(type) && !type.equals(wrappedType)) {
                  found.add(provider.get());
                }
              } catch (ServiceConfigurationError | LinkageError e) {
                // The manager cannot use it either.
              }
            });
    return List.copyOf(found);
  }

  /** Sorts before names that begin with a letter or a digit. */
  @Override
  public String getEngineName() {
    return "(Thermae) " + title;
  }

  @Override
  public List<String> getNames() {
    return claimed(ScriptEngineFactory::getNames);
  }

  @Override
  public List<String> getExtensions() {
    return claimed(ScriptEngineFactory::getExtensions);
  }

  @Override
  public List<String> getMimeTypes() {
    return claimed(ScriptEngineFactory::getMimeTypes);
  }

  @Override
  public String getEngineVersion() {
    ScriptEngineFactory factory = wrapped();
    return factory == null ? "" : factory.getEngineVersion();
  }

  @Override
  public String getLanguageName() {
    ScriptEngineFactory factory = wrapped();
    return factory == null ? title : factory.getLanguageName();
  }

  @Override
  public String getLanguageVersion() {
    ScriptEngineFactory factory = wrapped();
    return factory == null ? "" : factory.getLanguageVersion();
  }

  @Override
  public @Nullable Object getParameter(String key) {
    ScriptEngineFactory factory = wrapped();
    return factory == null ? null : factory.getParameter(key);
  }

  @Override
  public String getMethodCallSyntax(String object, String method, String... arguments) {
    return present().getMethodCallSyntax(object, method, arguments);
  }

  @Override
  public String getOutputStatement(String text) {
    return present().getOutputStatement(text);
  }

  @Override
  public String getProgram(String... statements) {
    return present().getProgram(statements);
  }

  private ScriptEngineFactory present() {
    ScriptEngineFactory factory = wrapped();
    if (factory == null) {
      throw new IllegalStateException(wrappedType + " is not on the class path");
    }
    return factory;
  }
}
