package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import javax.script.ScriptEngine;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;

/**
 * Makes Groovy's script engine compile through the cache: it stays the engine it is, and only its
 * class loader is another one. Stateless.
 */
final class GroovyTakeover {
  private GroovyTakeover() {}

  /** The same engine; left alone when its class loader is not the one that Groovy gives it. */
  static ScriptEngine caching(ScriptEngine engine) {
    if (engine instanceof GroovyScriptEngineImpl) {
      GroovyScriptEngineImpl groovy = (GroovyScriptEngineImpl) engine;
      GroovyClassLoader stock = groovy.getClassLoader();
      ClassLoader parent = stock.getParent();
      if (stock.getClass() == GroovyClassLoader.class && parent != null) {
        CompilerConfiguration own = new CompilerConfiguration(CompilerConfiguration.DEFAULT);
        groovy.setClassLoader(new ScriptClassLoader(parent, own));
      }
    }
    return engine;
  }
}
