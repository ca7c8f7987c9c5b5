package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.rhino.RhinoEngine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.script.ScriptEngine;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.engine.RhinoScriptEngine;

/**
 * Finds the scripts of Rhino's script engines: takes an engine, a text and the number of its first
 * line, and answers Rhino's script, or null where the engine has to compile as it did before, which
 * also reports what does not compile. Thread-safe.
 */
final class RhinoScripts implements Function<Object[], @Nullable Object> {
  private static final String DEFAULT_NAME = "eval";

  private final ContextFactory factory;
  private final ConcurrentHashMap<Integer, RhinoEngine> engines = new ConcurrentHashMap<>();

  RhinoScripts(ContextFactory factory) {
    this.factory = factory;
  }

  @Override
  public @Nullable Object apply(Object[] call) {
    ScriptEngine caller = (ScriptEngine) call[0];
    CodeCache cache = ScriptCaching.cache();
    Object named = caller.get(ScriptEngine.FILENAME);
    String name = named instanceof String ? (String) named : DEFAULT_NAME;
    Source source = cache == null ? null : ScriptText.source(name, (String) call[1]);
    int version = version(caller.get(ScriptEngine.LANGUAGE_VERSION));
    if (cache == null || source == null || !Context.isValidLanguageVersion(version)) {
      return null;
    }
    try {
      Shape shape = Shape.SCRIPT.startingAt((Integer) call[2]);
      return cache.compile(engine(version, interprets(caller)), source, shape, null).code();
    } catch (CompileException e) {
      return null;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      cache.counters().onFault("script " + name, e);
      return null;
    }
  }

  private RhinoEngine engine(int version, boolean interprets) {
    int key = interprets ? -1 - version : version;
    RhinoEngine known = engines.get(key);
    if (known == null) {
      RhinoEngine plain =
          RhinoEngine.create().withContextFactory(factory).withLanguageVersion(version);
      known = interprets ? plain : plain.withClassFiles();
      engines.put(key, known);
    }
    return known;
  }

  /**
   * Whether the engine would interpret: numbers that a script leaves in its bindings have other
   * types then, and endless recursion ends otherwise.
   */
  private static boolean interprets(ScriptEngine caller) {
    Object told = caller.get(RhinoScriptEngine.INTERPRETED_MODE);
    if (told != null) {
      return told.equals(true) || told instanceof String && Boolean.parseBoolean((String) told);
    }
    Object level = caller.get("org.mozilla.javascript.optimization_level");
    return level != null && String.valueOf(level).startsWith("-");
  }

  /** What the engine would set its Contexts to; -1 for what it would refuse. */
  private static int version(@Nullable Object told) {
    if (told == null) {
      return Context.VERSION_ES6;
    }
    if (told instanceof Integer) {
      return (Integer) told;
    }
    try {
      return told instanceof String ? Integer.parseInt((String) told) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
