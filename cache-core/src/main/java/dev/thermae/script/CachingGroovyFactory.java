package dev.thermae.script;

import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;

/** Groovy's own script engine, its class loader one that compiles through the cache. */
public final class CachingGroovyFactory extends CachingFactory {
  /** For the service loader. */
  public CachingGroovyFactory() {
    super("Groovy", "groovy", "org.codehaus.groovy.jsr223.GroovyScriptEngineFactory");
  }

  @Override
  ScriptEngine caching(ScriptEngineFactory factory) {
    return GroovyTakeover.caching(factory.getScriptEngine());
  }
}
