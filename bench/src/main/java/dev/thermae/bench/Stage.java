package dev.thermae.bench;

import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * Where a script runs: a Context and a scope with {@code module}, {@code exports} and a silent
 * {@code console}. Setting it up compiles nothing. Belongs to one thread.
 */
final class Stage {
  private final Context context;
  private final ScriptableObject scope;

  Stage() {
    context = Context.enter();
    context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
    scope = context.initStandardObjects();
    Scriptable exports = context.newObject(scope);
    Scriptable module = context.newObject(scope);
    Scriptable console = context.newObject(scope);
    ScriptableObject.putProperty(module, "exports", exports);
    ScriptableObject.putProperty(console, "log", new BaseFunction());
    ScriptableObject.putProperty(scope, "module", module);
    ScriptableObject.putProperty(scope, "exports", exports);
    ScriptableObject.putProperty(scope, "console", console);
  }

  /** Compiles with Rhino alone, in its own default mode or with its interpreter. */
  Script compile(String text, String name, boolean interpreted) {
    context.setInterpretedMode(interpreted);
    return context.compileString(text, name, 1, null);
  }

  Object run(Script script) {
    return script.exec(context, scope, scope);
  }
}
