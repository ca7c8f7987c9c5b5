package dev.thermae.script;

import java.util.ArrayList;
import java.util.List;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;

/** Rhino's own script engine, extended by a compiler that goes through the cache. */
public final class CachingRhinoFactory extends CachingFactory {
  private static final String SHORT = "js";

  /** For the service loader. */
  public CachingRhinoFactory() {
    super(
        "JavaScript on Rhino",
        "javascript",
        "org.mozilla.javascript.engine.RhinoScriptEngineFactory");
  }

  /** Rhino's names, and {@code js} where no other engine answers to it. */
  @Override
  public List<String> getNames() {
    List<String> names = super.getNames();
    if (names.isEmpty() || names.contains(SHORT) || isAnswered(SHORT)) {
      return names;
    }
    List<String> more = new ArrayList<>(names);
    more.add(SHORT);
    return List.copyOf(more);
  }

  @Override
  ScriptEngine caching(ScriptEngineFactory factory) throws ReflectiveOperationException {
    return RhinoTakeover.caching(factory);
  }
}
