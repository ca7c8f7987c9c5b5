package dev.thermae.script;

import dev.thermae.testing.ChildJvm;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import javax.script.ScriptEngine;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;

/** Makes script engines, drops them, fills the heap and says how many are still there. */
final class UnloadProgram {
  private static final int ENGINES = 40;

  private UnloadProgram() {}

  public static void main(String[] arguments) throws Exception {
    List<WeakReference<Object>> loaders = new ArrayList<>();
    for (int i = 0; i < ENGINES; i++) {
      ScriptEngine engine = new CachingGroovyFactory().getScriptEngine();
      engine.eval("class Own { int x = 3 }; def g = { new Own().x }; g()");
      loaders.add(new WeakReference<>(((GroovyScriptEngineImpl) engine).getClassLoader()));
    }
    fillTheHeap();
    System.gc();
    long alive = loaders.stream().filter(each -> each.get() != null).count();
    ChildJvm.say(String.valueOf(alive));
  }

  static void fillTheHeap() {
    List<byte[]> held = new ArrayList<>();
    try {
      while (held.size() < 1 << 20) {
        held.add(new byte[1 << 20]);
      }
    } catch (OutOfMemoryError e) {
      held.clear();
    }
  }
}
