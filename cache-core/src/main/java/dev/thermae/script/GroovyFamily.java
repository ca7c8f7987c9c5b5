package dev.thermae.script;

import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.groovy.GroovyEngine;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The script engines whose class loaders have one parent: they share their code. Held as long as
 * that parent, which it does not hold. Thread-safe.
 */
final class GroovyFamily {
  private static final Map<ClassLoader, GroovyFamily> ALL = new WeakHashMap<>();

  private final WeakReference<ClassLoader> parent;
  private boolean told;
  private @Nullable String surroundings;

  private GroovyFamily(ClassLoader parent) {
    this.parent = new WeakReference<>(parent);
  }

  static GroovyFamily below(ClassLoader parent) {
    synchronized (ALL) {
      GroovyFamily known = ALL.get(parent);
      if (known == null) {
        known = new GroovyFamily(parent);
        ALL.put(parent, known);
      }
      return known;
    }
  }

  /** Told once: jars that are replaced later are not those whose classes are seen here. */
  synchronized @Nullable String surroundings() {
    if (!told) {
      String text = engine().surroundings();
      surroundings = text == null ? null : "scripts, " + text;
      told = true;
    }
    return surroundings;
  }

  Map<String, String> fingerprintParts() {
    Map<String, String> parts = new LinkedHashMap<>(engine().fingerprintParts());
    parts.put("use", "scripts, named " + GroovyScripts.WORD);
    return parts;
  }

  ClassBundle compile(Source source, String fileName, ClassLoader sees) {
    return engine().compileClasses(source, fileName, sees);
  }

  private GroovyEngine engine() {
    ClassLoader loader = parent.get();
    if (loader == null) {
      throw new IllegalStateException("the class loader of these scripts is gone");
    }
    return GroovyEngine.create()
        .withParent(loader)
        .withConfiguration(new CompilerConfiguration(CompilerConfiguration.DEFAULT));
  }
}
