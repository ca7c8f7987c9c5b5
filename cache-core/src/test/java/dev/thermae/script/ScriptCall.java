package dev.thermae.script;

import javax.script.ScriptEngine;

/** Something done with a script engine, and what of it has to be the same. */
record ScriptCall(String language, String name, Body body) {
  /** Does it with an engine that nobody used before, and notes what happens. */
  interface Body {
    void run(ScriptEngine engine, Notes notes) throws Exception;
  }

  @Override
  public String toString() {
    return language + ": " + name;
  }
}
