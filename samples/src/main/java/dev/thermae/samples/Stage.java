package dev.thermae.samples;

import java.io.IOException;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * Where one script runs: a Context of its own and a scope with {@code module}, {@code exports} and
 * a silent {@code console}. Setting it up compiles nothing. Belongs to one thread.
 */
final class Stage implements AutoCloseable {
  private final Context context;
  private final ScriptableObject scope;

  private Stage(Context context) {
    this.context = context;
    this.scope = context.initStandardObjects();
    Scriptable exports = context.newObject(scope);
    Scriptable module = context.newObject(scope);
    Scriptable console = context.newObject(scope);
    ScriptableObject.putProperty(module, "exports", exports);
    for (String method : new String[] {"log", "warn", "error", "info"}) {
      ScriptableObject.putProperty(console, method, new BaseFunction());
    }
    ScriptableObject.putProperty(scope, "module", module);
    ScriptableObject.putProperty(scope, "exports", exports);
    ScriptableObject.putProperty(scope, "console", console);
  }

  /** Enters a new Context. */
  static Stage open() {
    Context context = Context.enter();
    context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
    return new Stage(context);
  }

  /** Compiles with Rhino alone, in its own default mode or with its interpreter. */
  Script compile(String text, String name, boolean interpreted) {
    context.setInterpretedMode(interpreted);
    return context.compileString(text, name, 1, null);
  }

  /** Runs the top level of a script and returns the nanoseconds it took. */
  long run(Script script) {
    long start = System.nanoTime();
    script.exec(context, scope, scope);
    return System.nanoTime() - start;
  }

  /** Puts the library to use and returns what came out. The exercise itself is interpreted. */
  String exercise(ScriptLibrary library) throws IOException {
    context.setInterpretedMode(true);
    Object value = context.evaluateString(scope, library.exercise(), "exercise", 1, null);
    return Context.toString(value);
  }

  @Override
  public void close() {
    Context.exit();
  }
}
