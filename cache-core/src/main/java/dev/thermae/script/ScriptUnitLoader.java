package dev.thermae.script;

import dev.thermae.engine.ClassBundle;
import java.security.CodeSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes of one script when they are first needed, under the name that its engine gave
 * it. Thread-safe.
 */
final class ScriptUnitLoader extends GroovyUnitLoader {
  private final ClassBundle bundle;
  private final @Nullable String name;
  private final @Nullable CodeSource codeSource;
  private final Map<String, String> stored = new HashMap<>();

  /** {@code name} replaces {@link GroovyScripts#WORD}; null when the classes keep their names. */
  ScriptUnitLoader(
      ScriptClassLoader engine,
      ClassBundle bundle,
      @Nullable String name,
      @Nullable CodeSource codeSource) {
    super(engine);
    this.bundle = bundle;
    this.name = name;
    this.codeSource = codeSource;
    for (String each : bundle.names()) {
      stored.put(renamed(each), each);
    }
  }

  private String renamed(String word) {
    return name == null ? word : word.replace(GroovyScripts.WORD, name);
  }

  /** The class that the script is run by. */
  Class<?> main() throws ClassNotFoundException {
    return own(renamed(bundle.main()));
  }

  /** The classes of this script. */
  Set<String> names() {
    return Collections.unmodifiableSet(stored.keySet());
  }

  /** Whether a class is the script itself, its name made up, or a part of that. */
  boolean isUnnamed(String className) {
    return String.valueOf(stored.get(className)).contains(GroovyScripts.WORD);
  }

  @Override
  int @Nullable [] place(String className) {
    String key = stored.get(className);
    return key == null ? null : bundle.place(key);
  }

  @Override
  Class<?> define(String className, int[] place) {
    byte[] bytes = bundle.array();
    if (name == null) {
      return defineClass(className, bytes, place[0], place[1], codeSource);
    }
    byte[] changed = ClassRename.replace(bytes, place[0], place[1], GroovyScripts.WORD, name);
    return defineClass(className, changed, 0, changed.length, codeSource);
  }
}
