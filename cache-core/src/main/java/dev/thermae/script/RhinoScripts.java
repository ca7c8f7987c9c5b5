package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.rhino.RhinoEngine;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.script.ScriptEngine;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.Script;

/**
 * Finds the scripts of Rhino's script engines: takes an engine, a text and the number of its first
 * line, and answers Rhino's script, or null where the engine has to compile as it did before, which
 * also reports what does not compile. Thread-safe.
 */
final class RhinoScripts implements Function<Object[], @Nullable Object> {
  private static final String DEFAULT_NAME = "eval";

  private final ContextFactory factory;
  private final Map<Script, ScriptHeat> heats = Collections.synchronizedMap(new WeakHashMap<>());
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
      int line = (Integer) call[2];
      Shape shape = Shape.SCRIPT.startingAt(line);
      Script unit = cache.compile(engine(version), source, shape, null).code();
      ScriptHeat heat = heats.get(unit);
      if (heat == null) {
        heat = new ScriptHeat(cache, source, line);
        heats.put(unit, heat);
      }
      return new TieredScript(unit, heat);
    } catch (CompileException e) {
      return null;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      cache.counters().onFault("script " + name, e);
      return null;
    }
  }

  private RhinoEngine engine(int version) {
    RhinoEngine known = engines.get(version);
    if (known == null) {
      known = RhinoEngine.create().withContextFactory(factory).withLanguageVersion(version);
      engines.put(version, known);
    }
    return known;
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
