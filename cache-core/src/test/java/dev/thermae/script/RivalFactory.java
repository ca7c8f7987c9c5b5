package dev.thermae.script;

import java.util.List;
import javax.script.ScriptEngine;
import org.mozilla.javascript.engine.RhinoScriptEngineFactory;

/** Another engine for JavaScript, which the manager asks before Rhino's. */
public final class RivalFactory extends RhinoScriptEngineFactory {
  @Override
  public String getEngineName() {
    return "Rival";
  }

  @Override
  public List<String> getNames() {
    return List.of("javascript", "js");
  }

  @Override
  public List<String> getExtensions() {
    return List.of();
  }

  @Override
  public List<String> getMimeTypes() {
    return List.of("text/javascript");
  }

  @Override
  public ScriptEngine getScriptEngine() {
    return new RivalEngine(super.getScriptEngine());
  }
}
