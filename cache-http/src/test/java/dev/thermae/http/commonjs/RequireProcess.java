package dev.thermae.http.commonjs;

import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.CacheStats;
import dev.thermae.http.CodeLoader;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** A program of modules, in a process of its own. */
final class RequireProcess {
  private RequireProcess() {}

  /** Folder of the cache, and root; prints what the main module exports, and the compiles. */
  public static void main(String[] arguments) throws Exception {
    try (CodeLoader<Script> loader =
        CodeLoader.builder(RhinoEngine.create())
            .directory(Path.of(arguments[0]))
            .policy(CachePolicy.eager())
            .build()) {
      System.out.println(run(loader, arguments[1]));
      CacheStats stats = loader.cache().stats();
      System.out.println("compiles " + stats.compiles() + ", restored " + stats.restores());
    }
  }

  static String run(CodeLoader<Script> loader, String root) {
    return run(CommonJs.of(loader, root));
  }

  static String run(CommonJs modules) {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      Scriptable scope = context.initStandardObjects();
      Scriptable exports = modules.require(context, scope).requireMain(context, "./main");
      return Context.toString(ScriptableObject.getProperty(exports, "text"));
    }
  }
}
