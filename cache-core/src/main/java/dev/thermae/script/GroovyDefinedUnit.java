package dev.thermae.script;

import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.Dependencies;
import groovy.lang.GroovyClassLoader;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.codehaus.groovy.control.BytecodeProcessor;
import org.jspecify.annotations.Nullable;

/**
 * The loader of one compiled source, of the kind that Groovy makes for each: the compiler defines
 * classes in it, or they come from a bundle. Thread-safe.
 */
final class GroovyDefinedUnit extends GroovyUnitLoader {
  private final @Nullable ClassBundle bundle;
  private final @Nullable CodeSource codeSource;
  private final @Nullable BytecodeProcessor processor;
  private volatile @Nullable String identity;

  /** For the classes that the compiler is about to define. */
  GroovyDefinedUnit(GroovyClassLoader loader) {
    super(loader);
    this.bundle = null;
    this.codeSource = null;
    this.processor = null;
  }

  /** For the classes in {@code bundle}. */
  GroovyDefinedUnit(
      GroovyClassLoader loader,
      ClassBundle bundle,
      @Nullable CodeSource codeSource,
      @Nullable BytecodeProcessor processor) {
    super(loader);
    this.bundle = bundle;
    this.codeSource = codeSource;
    this.processor = processor;
  }

  /** What tells the unit of {@code type} from others; null where nobody knows. */
  static @Nullable String identity(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader instanceof GroovyDefinedUnit ? ((GroovyDefinedUnit) loader).identity() : null;
  }

  private @Nullable String identity() {
    String known = identity;
    if (known == null && bundle != null) {
      known = Dependencies.checksum(bundle.bytes());
      identity = known;
    }
    return known;
  }

  void identify(String told) {
    identity = told;
  }

  /** All classes of the bundle, defined. */
  List<Class<?>> defineAll(ClassBundle classes) throws ClassNotFoundException {
    List<Class<?>> all = new ArrayList<>();
    for (String name : classes.names()) {
      if (!name.startsWith("/")) {
        all.add(own(name));
      }
    }
    return all;
  }

  @Override
  int @Nullable [] place(String name) {
    return bundle == null ? null : bundle.place(name);
  }

  @Override
  Class<?> define(String name, int[] place) {
    ClassBundle classes = Objects.requireNonNull(bundle);
    if (processor == null) {
      return defineClass(name, classes.array(), place[0], place[1], codeSource);
    }
    byte[] code = new byte[place[1]];
    System.arraycopy(classes.array(), place[0], code, 0, code.length);
    byte[] processed = processor.processBytecode(name, code);
    return defineClass(name, processed, 0, processed.length, codeSource);
  }
}
