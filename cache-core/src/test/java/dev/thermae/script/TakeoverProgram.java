package dev.thermae.script;

import dev.thermae.event.CacheStats;
import dev.thermae.testing.ChildJvm;
import java.util.List;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;

/** A program that knows {@code javax.script} only, but for what it says at its end. */
final class TakeoverProgram {
  private TakeoverProgram() {}

  public static void main(String[] arguments) throws Exception {
    ScriptEngineManager manager = new ScriptEngineManager();
    for (String each : List.of("groovy", "Groovy", "rhino", "javascript", "JavaScript", "js")) {
      say(each, manager.getEngineByName(each));
    }
    say(".groovy", manager.getEngineByExtension("groovy"));
    say(".js", manager.getEngineByExtension("js"));
    say("text/javascript", manager.getEngineByMimeType("text/javascript"));
    CacheStats stats = ScriptCaching.stats();
    ChildJvm.say(stats == null ? "no cache" : "compiles " + stats.compiles());
    ScriptCaching.flush();
  }

  private static void say(String name, ScriptEngine engine) throws Exception {
    if (engine == null) {
      ChildJvm.say(name + " none");
      return;
    }
    String how = engine.getClass().getSimpleName();
    if (how.equals("GroovyScriptEngineImpl")) {
      Object loader = engine.getClass().getMethod("getClassLoader").invoke(engine);
      how = loader.getClass().getSimpleName();
    }
    ChildJvm.say(name + " " + how + " " + engine.eval("1 + 2"));
  }
}
