package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.testing.ChildJvm;
import groovy.lang.GroovyClassLoader;
import java.nio.file.Path;

/** Does all calls that may be kept, and says what they noted and how often it compiled. */
final class GroovyLoaderProgram {
  private GroovyLoaderProgram() {}

  static String line(GroovyLoaderCall call, String notes) {
    return call.name() + ": " + notes.replace('\n', ' ');
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    GroovyEngine engine = GroovyEngine.create();
    try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
      for (GroovyLoaderCall call : GroovyLoaderCalls.all()) {
        if (call.kept()) {
          GroovyClassLoader loader = new CachingGroovyClassLoader(cache, engine);
          String notes = CachingGroovyClassLoaderTest.notes(call, loader, folder.resolve("files"));
          ChildJvm.say(line(call, notes));
        }
      }
      cache.flush();
      ChildJvm.say(String.valueOf(cache.stats().compiles()));
    }
  }
}
