package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import java.nio.file.Path;

/**
 * Something done with a class loader of Groovy's, and what of it has to be the same.
 *
 * @param kept whether the cache may keep all of it
 */
record GroovyLoaderCall(String name, boolean kept, Body body) {
  /** Does it with a loader that nobody used before and an empty folder. */
  interface Body {
    void run(GroovyClassLoader loader, Path folder, Notes notes) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
