package dev.thermae.engine;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Defines the classes of one unit when they are first needed, before its parent is asked, and goes
 * with the unit. Thread-safe.
 *
 * <p>One for each unit: a loader that several share is never unloaded while one of them lives.
 */
public final class BundleLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final ClassBundle bundle;

  /** A loader of the classes in {@code bundle}; what is not there comes from {@code parent}. */
  public BundleLoader(@Nullable ClassLoader parent, ClassBundle bundle) {
    super(parent);
    this.bundle = bundle;
  }

  /** What it defines. */
  public ClassBundle bundle() {
    return bundle;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    int[] place = bundle.place(name);
    if (place == null) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, bundle.array(), place[0], place[1]);
    }
  }

  /** The class files too, for what reads the classes of a unit without loading them. */
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    if (name.endsWith(".class")) {
      String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
      int[] place = bundle.place(type);
      if (place != null) {
        return new ByteArrayInputStream(bundle.array(), place[0], place[1]);
      }
    }
    return super.getResourceAsStream(name);
  }
}
