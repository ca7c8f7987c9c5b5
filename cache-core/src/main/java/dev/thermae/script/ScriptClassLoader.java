package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import groovy.lang.GroovyResourceLoader;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of one Groovy script engine: what it parses from text comes from the cache, and
 * everything else is as it was. Thread-safe.
 *
 * <p>Whatever it cannot answer for is compiled as if it were not there: scripts that name other
 * scripts by their made-up names, that ask Grape for jars, or that come after something was put
 * into this loader from outside. A script that does not compile is compiled once more by Groovy
 * itself, so that the error is Groovy's own, made-up name included.
 */
final class ScriptClassLoader extends GroovyClassLoader {
  private static final String MADE_UP = "Script";
  private static final String EXTENSION = ".groovy";
  private static final int CROWDED = 1024;

  private final GroovyScripts engine;
  private final Definitions definitions = new Definitions();
  private final Map<String, WeakReference<Class<?>>> unnamed = new ConcurrentHashMap<>();
  private final ThreadLocal<Boolean> looksUp = new ThreadLocal<>();

  /** Set from outside, if need be before this object is complete. */
  private volatile boolean opaque;

  ScriptClassLoader(ClassLoader parent, CompilerConfiguration configuration) {
    super(parent, configuration);
    this.engine = new GroovyScripts(GroovyFamily.below(parent), this);
  }

  @Override
  public Class<?> parseClass(GroovyCodeSource code, boolean cached)
      throws CompilationFailedException {
    String text = code.getScriptText();
    boolean plain = !cached && text != null && code.getFile() == null && code.getURL() == null;
    Class<?> found = plain && !opaque ? find(code, text) : null;
    return found == null ? parseItself(code, cached) : found;
  }

  private Class<?> parseItself(GroovyCodeSource code, boolean cached) {
    Class<?> parsed = super.parseClass(code, cached);
    if (looksUp.get() == null) {
      opaque = true;
    }
    return parsed;
  }

  /** The class from the cache; null where it has to be compiled as usual. */
  private @Nullable Class<?> find(GroovyCodeSource code, String text) {
    String fileName = code.getName();
    String name = madeUp(fileName);
    CodeCache cache = ScriptCaching.cache();
    if (cache == null || !isTold(text)) {
      return null;
    }
    String stored = name == null ? fileName : GroovyScripts.WORD + EXTENSION;
    Source source = ScriptText.source(stored, text);
    if (source == null) {
      return null;
    }
    try {
      String state = state(text);
      ClassBundle bundle =
          cache.compile(engine, source, GroovyScripts.shape(stored, state), null).code();
      return define(new ScriptUnitLoader(this, bundle, name, code.getCodeSource()), source, state);
    } catch (CompileException e) {
      if (name == null && e.getCause() instanceof CompilationFailedException) {
        throw (CompilationFailedException) e.getCause();
      }
      return null;
    } catch (RuntimeException | ClassNotFoundException | LinkageError e) {
      cache.counters().onFault("script " + fileName, e);
      return null;
    }
  }

  /** Defines what others may use at once, as Groovy does, and the rest when it is needed. */
  private Class<?> define(ScriptUnitLoader unit, Source source, String state)
      throws ClassNotFoundException {
    Class<?> main = unit.main();
    Set<String> named = new HashSet<>();
    for (String each : unit.names()) {
      if (!unit.isUnnamed(each)) {
        named.add(Definitions.simple(each));
      }
    }
    if (!named.isEmpty()) {
      definitions.add(named, source, state);
      for (String each : unit.names()) {
        setClassCacheEntry(unit.own(each));
      }
    } else {
      remember(main);
    }
    return main;
  }

  private void remember(Class<?> main) {
    if (unnamed.size() >= CROWDED && unnamed.size() % CROWDED == 0) {
      unnamed.values().removeIf(each -> each.get() == null);
    }
    unnamed.put(main.getName(), new WeakReference<>(main));
  }

  /** What {@code text} sees of earlier scripts. */
  String state(String text) {
    return definitions.mentionedBy(text);
  }

  /** The name that the engine made up, {@code Script1.groovy}, without its end; or null. */
  private static @Nullable String madeUp(String fileName) {
    if (!fileName.endsWith(EXTENSION)) {
      return null;
    }
    String name = fileName.substring(0, fileName.length() - EXTENSION.length());
    return isMadeUp(name) ? name : null;
  }

  private static boolean isMadeUp(String word) {
    if (!word.startsWith(MADE_UP) || word.length() == MADE_UP.length()) {
      return false;
    }
    for (int i = MADE_UP.length(); i < word.length(); i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether all that its code depends on can be told: not for jars from elsewhere. */
  private static boolean isTold(String text) {
    boolean[] told = {!text.contains("\\u") || !text.contains("Script")};
    new Words(text)
        .forEach(
            word -> {
              if (isMadeUp(word) || word.startsWith("Grab") || word.equals(GroovyScripts.WORD)) {
                told[0] = false;
              }
            });
    return told[0];
  }

  @Override
  protected @Nullable Class<?> getClassCacheEntry(String name) {
    Class<?> known = super.getClassCacheEntry(name);
    WeakReference<Class<?>> held = known == null && unnamed != null ? unnamed.get(name) : null;
    return held == null ? known : held.get();
  }

  @Override
  public void clearCache() {
    super.clearCache();
    definitions.clear();
    unnamed.clear();
  }

  /** Sources on the class path, which are part of it. */
  @Override
  @SuppressWarnings("rawtypes")
  protected Class<?> recompile(URL source, String className, Class oldClass)
      throws CompilationFailedException, IOException {
    Boolean before = looksUp.get();
    looksUp.set(true);
    try {
      return super.recompile(source, className, oldClass);
    } finally {
      if (before == null) {
        looksUp.remove();
      }
    }
  }

  @Override
  public void addURL(URL url) {
    opaque = true;
    super.addURL(url);
  }

  @Override
  public void setResourceLoader(GroovyResourceLoader resourceLoader) {
    opaque = true;
    super.setResourceLoader(resourceLoader);
  }

  @Override
  public Class<?> defineClass(String name, byte[] bytes) {
    opaque = true;
    return super.defineClass(name, bytes);
  }

  @Override
  public Class<?> defineClass(ClassNode node, String file, String newCodeBase) {
    opaque = true;
    return super.defineClass(node, file, newCodeBase);
  }
}
