package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import org.jspecify.annotations.Nullable;

/**
 * A loader of one compiled source, of the kind that Groovy makes for each: its own classes go
 * before all others and are defined when they are first needed. Thread-safe.
 */
abstract class GroovyUnitLoader extends GroovyClassLoader.InnerLoader {
  GroovyUnitLoader(GroovyClassLoader loader) {
    super(loader);
  }

  /** Offset and length of a class's bytes, or null where the class is not this unit's. */
  abstract int @Nullable [] place(String name);

  /** Defines the class whose bytes are at {@code place}. */
  abstract Class<?> define(String name, int[] place);

  /** A class of this unit; null where it has none of that name. */
  final @Nullable Class<?> find(String name) {
    int[] place = place(name);
    if (place == null) {
      return null;
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name, place) : known;
    }
  }

  /** A class of this unit. */
  final Class<?> own(String name) throws ClassNotFoundException {
    Class<?> found = find(name);
    if (found == null) {
      throw new ClassNotFoundException(name);
    }
    return found;
  }

  @Override
  public Class<?> loadClass(String name) throws ClassNotFoundException {
    Class<?> found = find(name);
    return found == null ? super.loadClass(name) : found;
  }

  @Override
  public Class<?> loadClass(String name, boolean lookUpScripts, boolean preferClass)
      throws ClassNotFoundException {
    Class<?> found = find(name);
    return found == null ? super.loadClass(name, lookUpScripts, preferClass) : found;
  }

  @Override
  public Class<?> loadClass(
      String name, boolean lookUpScripts, boolean preferClass, boolean resolve)
      throws ClassNotFoundException {
    Class<?> found = find(name);
    return found == null ? super.loadClass(name, lookUpScripts, preferClass, resolve) : found;
  }
}
