package org.mozilla.javascript.engine;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Function;
import javax.script.CompiledScript;
import javax.script.ScriptContext;
import javax.script.ScriptException;
import org.mozilla.javascript.Script;

/**
 * Rhino's script engine, except for where its scripts come from.
 *
 * <p>The function takes this engine, a text and the number of its first line, and answers a script,
 * or null: then Rhino's engine compiles as it always did. Compiled apart, shipped as bytes and
 * defined in Rhino's own loader and package at run time. As thread-safe as what it extends.
 */
public final class ThermaeScriptEngine extends RhinoScriptEngine {
  private final Function<Object[], Object> scripts;

  /** An engine of {@code factory}. */
  public ThermaeScriptEngine(RhinoScriptEngineFactory factory, Function<Object[], Object> scripts) {
    super(factory);
    this.scripts = scripts;
  }

  /** Rhino's engine counts lines from 0 when it evaluates, and from 1 when it compiles. */
  @Override
  public Object eval(String script, ScriptContext context) throws ScriptException {
    Script found = script == null ? null : find(script, 0);
    return found == null ? super.eval(script, context) : eval(found, context);
  }

  @Override
  public Object eval(Reader reader, ScriptContext context) throws ScriptException {
    return reader == null ? super.eval(reader, context) : eval(text(reader), context);
  }

  @Override
  public CompiledScript compile(String script) throws ScriptException {
    Script found = script == null ? null : find(script, 1);
    return found == null ? super.compile(script) : new RhinoCompiledScript(this, found);
  }

  @Override
  public CompiledScript compile(Reader reader) throws ScriptException {
    return reader == null ? super.compile(reader) : compile(text(reader));
  }

  private Script find(String script, int line) {
    return (Script) scripts.apply(new Object[] {this, script, line});
  }

  private static String text(Reader reader) throws ScriptException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    try {
      for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
        text.append(buffer, 0, count);
      }
    } catch (IOException e) {
      throw new ScriptException(e);
    }
    return text.toString();
  }
}
