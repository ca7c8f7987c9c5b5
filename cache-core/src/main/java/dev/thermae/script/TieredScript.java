package dev.thermae.script;

import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;

/**
 * A script that starts as interpreter code and goes on as class files when it is hot. As
 * thread-safe as Rhino's scripts.
 */
final class TieredScript implements Script {
  private final Script interpreted;
  private final ScriptHeat heat;

  TieredScript(Script interpreted, ScriptHeat heat) {
    this.interpreted = interpreted;
    this.heat = heat;
  }

  @Override
  public @Nullable Object exec(Context context, Scriptable scope, Scriptable thisObject) {
    Script compiled = context.isInterpretedMode() ? null : heat.compiled(context);
    return compiled == null
        ? interpret(context, scope, thisObject)
        : compiled.exec(context, scope, thisObject);
  }

  private @Nullable Object interpret(Context context, Scriptable scope, Scriptable thisObject) {
    long start = heat.nanos();
    try {
      return interpreted.exec(context, scope, thisObject);
    } finally {
      heat.add(heat.nanos() - start);
    }
  }
}
