package dev.thermae.engine.groovy;

import dev.thermae.engine.ClassBundle;
import groovy.lang.GroovyClassLoader;
import java.beans.Introspector;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.ProtectionDomain;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes of one unit when they are first needed. A loader of Groovy's own kind,
 * because scripts ask theirs to compile more, and Grape adds jars to it. Thread-safe.
 */
final class GroovyUnitLoader extends GroovyClassLoader {
  private final ClassBundle bundle;
  private final byte[] array;
  private final ProtectionDomain domain;

  GroovyUnitLoader(
      @Nullable ClassLoader parent,
      CompilerConfiguration configuration,
      ClassBundle bundle,
      byte[] array,
      ProtectionDomain domain) {
    super(parent, configuration);
    this.bundle = bundle;
    this.array = array;
    this.domain = domain;
  }

  @Override
  public Class<?> loadClass(
      String name, boolean lookupScriptFiles, boolean preferClassOverScript, boolean resolve)
      throws ClassNotFoundException {
    int[] place = bundle.place(name);
    if (place == null) {
      return super.loadClass(name, lookupScriptFiles, preferClassOverScript, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, array, place[0], place[1], domain);
    }
  }

  /** Has {@code java.beans} forget what it knows of this unit's classes. */
  void forgetIntrospected() {
    for (String name : bundle.names()) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        Introspector.flushFromCaches(known);
      }
    }
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    if (name.endsWith(".class")) {
      String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
      int[] place = bundle.place(type);
      if (place != null) {
        return new ByteArrayInputStream(array, place[0], place[1]);
      }
    }
    return super.getResourceAsStream(name);
  }
}
