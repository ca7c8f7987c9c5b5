package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.testing.ChildJvm;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import groovy.util.GroovyScriptEngine;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.runtime.InvokerHelper;

/** Makes loaders, drops them, fills the heap and says how many are still there. */
final class GroovyUnloadProgram {
  private static final int LOADERS = 40;

  private GroovyUnloadProgram() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    List<WeakReference<Object>> loaders = new ArrayList<>();
    GroovyLoaderCalls.write(folder.resolve("scripts"), "Main.groovy", "new Other().x()");
    GroovyLoaderCalls.write(
        folder.resolve("scripts"), "Other.groovy", "class Other { def x() { 4 } }");
    URL[] roots = {folder.resolve("scripts").toUri().toURL()};
    try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
      for (int i = 0; i < LOADERS; i++) {
        if (arguments[0].equals("loader")) {
          loaders.add(new WeakReference<>(parse(cache, i)));
        } else {
          loaders.add(new WeakReference<>(run(cache, roots)));
        }
      }
      UnloadProgram.fillTheHeap();
      System.gc();
      ChildJvm.say(String.valueOf(loaders.stream().filter(each -> each.get() != null).count()));
      cache.flush();
    }
  }

  private static GroovyClassLoader parse(CodeCache cache, int index) {
    GroovyClassLoader loader = new CachingGroovyClassLoader(cache, GroovyEngine.create());
    String text = "class Own { int x = 3 }; def g = { new Own().x }; g() + " + index % 7;
    InvokerHelper.createScript(loader.parseClass(text, "own.groovy"), new Binding()).run();
    return loader;
  }

  private static GroovyClassLoader run(CodeCache cache, URL[] roots) throws Exception {
    GroovyScriptEngine engine =
        new CachingGroovyScriptEngine(cache, roots, GroovyUnloadProgram.class.getClassLoader());
    engine.run("Main.groovy", new Binding());
    return engine.getGroovyClassLoader();
  }
}
