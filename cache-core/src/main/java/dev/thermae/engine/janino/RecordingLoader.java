package dev.thermae.engine.janino;

import dev.thermae.engine.Dependencies;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows the compiler the classes of the parent loader and notes each one that it asks for, found or
 * not. The unit's own classes are hidden when the parent has some of the same name, since at run
 * time the unit's come first too. Used by one thread, once.
 */
final class RecordingLoader extends ClassLoader {
  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  private final Set<String> own;
  private final Map<String, String> read = new TreeMap<>();
  private boolean unknown;

  /** {@code own} are the binary names of the unit's top-level classes. */
  RecordingLoader(@Nullable ClassLoader parent, Set<String> own) {
    super(parent);
    this.own = own;
  }

  /**
   * What was asked for so far; null when a class was found whose class file cannot be read, as of
   * one that was made at run time.
   */
  @Nullable Dependencies dependencies(@Nullable String classPath) {
    return unknown ? null : new Dependencies(classPath == null ? "" : classPath, read, Map.of());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (own.contains(topLevel(name))) {
      throw new ClassNotFoundException(name);
    }
    try {
      Class<?> found = super.loadClass(name, resolve);
      ClassLoader loader = found.getClassLoader();
      if (loader != null && loader != PLATFORM) {
        note(name);
      }
      return found;
    } catch (ClassNotFoundException e) {
      if (!name.startsWith("java.")) {
        read.put(name, Dependencies.ABSENT);
      }
      throw e;
    }
  }

  private void note(String name) {
    String told;
    try {
      told = Dependencies.checksum(getParent(), name);
    } catch (IOException e) {
      told = null;
    }
    if (told == null) {
      unknown = true;
    } else {
      read.put(name, told);
    }
  }

  private static String topLevel(String name) {
    int nested = name.indexOf('$', name.lastIndexOf('.') + 2);
    return nested < 0 ? name : name.substring(0, nested);
  }
}
