package org.mozilla.javascript.engine;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Function;
import javax.script.CompiledScript;
import javax.script.ScriptContext;
import javax.script.ScriptException;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;

/**
 * Rhino's script engine, except for where its scripts come from.
 *
 * <p>The function takes this engine, a text and the number of its first line, and answers a script,
 * or null: then Rhino's engine compiles as it always did. Compiled apart, shipped as bytes and
 * defined in Rhino's own loader and package at run time. As thread-safe as what it extends.
 */
public final class ThermaeScriptEngine extends RhinoScriptEngine {
  /**
   * Frames of interpreter code, which are objects and would else fill the heap. Rhino counts them
   * in a short, so that no larger bound would ever be met.
   */
  private static final int MAXIMUM_DEPTH = 30_000;

  private static final String TOO_DEEP = "Exceeded maximum stack depth";

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
    return eval(text(reader), context);
  }

  @Override
  public CompiledScript compile(String script) throws ScriptException {
    Script found = script == null ? null : find(script, 1);
    return found == null ? super.compile(script) : new RhinoCompiledScript(this, found);
  }

  @Override
  public CompiledScript compile(Reader reader) throws ScriptException {
    return compile(text(reader));
  }

  /**
   * Rhino's engine asks for the language version whenever it has entered a Context, which is when
   * the depth of interpreter code has to be bounded.
   */
  @Override
  public Object get(String key) {
    Context entered = LANGUAGE_VERSION.equals(key) ? Context.getCurrentContext() : null;
    if (entered != null && !entered.isSealed()) {
      boolean interpreted = entered.isInterpretedMode();
      entered.setInterpretedMode(true);
      entered.setMaximumInterpreterStackDepth(MAXIMUM_DEPTH);
      entered.setInterpretedMode(interpreted);
    }
    return super.get(key);
  }

  @Override
  Object eval(Script script, ScriptContext context) throws ScriptException {
    try {
      return super.eval(script, context);
    } catch (ScriptException e) {
      throw overflow(e);
    }
  }

  @Override
  Object invokeMethodRaw(Object thiz, String name, Class<?> returnType, Object... args)
      throws ScriptException, NoSuchMethodException {
    try {
      return super.invokeMethodRaw(thiz, name, returnType, args);
    } catch (ScriptException e) {
      throw overflow(e);
    }
  }

  /** What is too deep for interpreter code overflows the stack of compiled code. */
  private static ScriptException overflow(ScriptException e) {
    String message = e.getMessage();
    if (message != null && message.startsWith(TOO_DEEP)) {
      throw (Error) new StackOverflowError().initCause(e);
    }
    return e;
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
