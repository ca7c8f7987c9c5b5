package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.event.CacheListener;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.ChildJvm;
import groovy.lang.Binding;
import groovy.util.GroovyScriptEngine;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Runs two scripts, says what they gave, and which ones were compiled. */
final class GroovyEngineProgram {
  private GroovyEngineProgram() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Set<String> compiled = Collections.synchronizedSet(new TreeSet<>());
    CacheListener listener =
        new CacheListener() {
          @Override
          public void onCompile(String name, long nanos) {
            compiled.add(name.substring(name.lastIndexOf('/') + 1));
          }
        };
    URL[] roots = {folder.resolve("files").toUri().toURL()};
    try (CodeCache cache =
        CodeCache.builder()
            .directory(folder.resolve("cache"))
            .policy(CachePolicy.eager())
            .listener(listener)
            .build()) {
      GroovyScriptEngine engine =
          new CachingGroovyScriptEngine(cache, roots, GroovyEngineProgram.class.getClassLoader());
      Object main = engine.run("Main.groovy", new Binding());
      ChildJvm.say(main + " " + engine.run("Alone.groovy", new Binding()));
      ChildJvm.say(String.join(" ", compiled));
    }
  }
}
