package dev.thermae.script;

import java.io.Reader;
import javax.script.AbstractScriptEngine;
import javax.script.Bindings;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptException;

/** Known by its class. */
final class RivalEngine extends AbstractScriptEngine {
  private final ScriptEngine engine;

  RivalEngine(ScriptEngine engine) {
    this.engine = engine;
  }

  @Override
  public Object eval(String script, ScriptContext context) throws ScriptException {
    return engine.eval(script, context);
  }

  @Override
  public Object eval(Reader reader, ScriptContext context) throws ScriptException {
    return engine.eval(reader, context);
  }

  @Override
  public Bindings createBindings() {
    return engine.createBindings();
  }

  @Override
  public ScriptEngineFactory getFactory() {
    return engine.getFactory();
  }
}
