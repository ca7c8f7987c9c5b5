package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.testing.ChildJvm;
import groovy.lang.GroovyClassLoader;
import java.nio.file.Path;

/** Does all calls that may be kept, and says what they noted and how often it compiled. */
final class GroovyLoaderProgram {
  private GroovyLoaderProgram() {}

  public static void main(String[] arguments) throws Exception {
    boolean plain = arguments.length > 1;
    Path folder = Path.of(arguments[arguments.length - 1]);
    GroovyEngine engine = GroovyEngine.create();
    try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
      for (GroovyLoaderCall call : GroovyLoaderCalls.all()) {
        if (call.kept()) {
          GroovyClassLoader loader =
              plain ? new GroovyClassLoader() : new CachingGroovyClassLoader(cache, engine);
          String notes = CachingGroovyClassLoaderTest.notes(call, loader, folder.resolve("files"));
          ChildJvm.say(call.name() + ": " + notes.replace('\n', ' '));
        }
      }
      cache.flush();
      if (!plain) {
        ChildJvm.say(String.valueOf(cache.stats().compiles()));
      }
    }
  }
}
