package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;

/** Loads and runs one script on Rhino and tells how hot it was and what it gave. */
public final class RhinoProgram {
  private RhinoProgram() {}

  /** Argument: folder. */
  public static void main(String[] arguments) {
    Source source = Source.of("a.js", "function f(n) { return n + 1; }\n".repeat(100) + "f(41);");
    try (CodeCache cache =
        CodeCache.builder().directory(Path.of(arguments[0])).policy(CachePolicy.eager()).build()) {
      Compiled<Script> unit = cache.compile(RhinoEngine.create(), source);
      Context context = Context.enter();
      try {
        Scriptable scope = context.initStandardObjects();
        Object result = unit.code().exec(context, scope, scope);
        ChildJvm.say(unit.temperature() + " " + Context.toString(result));
      } finally {
        Context.exit();
      }
    }
  }
}
