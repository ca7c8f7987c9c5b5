package dev.thermae.engine.janino;

import dev.thermae.engine.BundleLoader;
import dev.thermae.engine.ClassBundle;

/** What Java source was compiled to, in a loader of its own. Immutable and thread-safe. */
public final class JaninoUnit {
  private final BundleLoader loader;

  JaninoUnit(BundleLoader loader) {
    this.loader = loader;
  }

  /**
   * A class of it, or one that it can see, by its binary name.
   *
   * @throws ClassNotFoundException when there is none
   */
  public Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }

  /** Defines the classes when they are first needed. */
  public ClassLoader loader() {
    return loader;
  }

  ClassBundle bundle() {
    return loader.bundle();
  }
}
