package dev.thermae.engine.groovy;

import dev.thermae.engine.ClassBundle;
import groovy.lang.Binding;
import groovy.lang.Script;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * What a Groovy source was compiled to: all of its classes, in a loader of their own. Immutable;
 * several threads may make scripts of it, each with a binding of its own.
 */
public final class GroovyUnit {
  private final Class<?> mainClass;
  private final ClassBundle bundle;

  GroovyUnit(Class<?> mainClass, ClassBundle bundle) {
    this.mainClass = mainClass;
    this.bundle = bundle;
  }

  /** The script's class, or the first class of a source that has no statements of its own. */
  public Class<?> mainClass() {
    return mainClass;
  }

  /** A new script, or what runs the {@code main} method of a source without statements. */
  public Script newScript(Binding binding) {
    return InvokerHelper.createScript(mainClass, binding);
  }

  /**
   * Another class of the source, by its binary name.
   *
   * @throws ClassNotFoundException when there is none
   */
  public Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, false, mainClass.getClassLoader());
  }

  ClassBundle bundle() {
    return bundle;
  }
}
