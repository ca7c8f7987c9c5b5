package dev.thermae.script;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.groovy.GroovyEngine;
import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Groovy for one class loader: compiles to classes that every loader of the same settings, class
 * path and jars defines for itself. Holds its loader weakly, because a cache holds its engines.
 * Thread-safe.
 */
final class GroovyLoaderUnits implements Engine<ClassBundle> {
  private static final Map<File, String> SEEN = new ConcurrentHashMap<>();

  private final WeakReference<CachingGroovyClassLoader> loader;
  private final GroovyEngine settings;
  private final List<File> jars;
  private final @Nullable String surroundings;

  private GroovyLoaderUnits(
      CachingGroovyClassLoader loader,
      GroovyEngine settings,
      List<File> jars,
      @Nullable String surroundings) {
    this.loader = new WeakReference<>(loader);
    this.settings = settings;
    this.jars = jars;
    this.surroundings = surroundings;
  }

  /** {@code own} are the places of the loader itself; those that are folders are looked up. */
  static GroovyLoaderUnits of(CachingGroovyClassLoader loader, GroovyEngine settings, URL[] own) {
    List<File> jars = jars(own);
    String below = settings.surroundings();
    String inJars = jars == null ? null : ClassPathIdentity.surroundings(jars);
    String told =
        below == null || inJars == null || jars == null || isReplaced(jars)
            ? null
            : "class loader, " + below + ", jars " + inJars;
    return new GroovyLoaderUnits(loader, settings, jars == null ? List.of() : jars, told);
  }

  /** Groovy's compiler remembers the classes of a jar by its name as long as the JVM runs. */
  private static boolean isReplaced(List<File> jars) {
    for (File each : jars) {
      String now = String.valueOf(ClassPathIdentity.surroundings(List.of(each)));
      String first = SEEN.putIfAbsent(each, now);
      if (first != null && !first.equals(now)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable List<File> jars(URL[] own) {
    List<File> jars = new ArrayList<>();
    for (URL each : own) {
      File file = file(each);
      if (file == null) {
        return null;
      }
      if (!file.isDirectory()) {
        jars.add(file);
      }
    }
    return jars;
  }

  /** The file that a URL stands for; null when it is none. */
  static @Nullable File file(URL url) {
    if (!url.getProtocol().equals("file") || !String.valueOf(url.getHost()).isEmpty()) {
      return null;
    }
    try {
      return new File(URI.create(url.toString().replace(" ", "%20")));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Whether these are the settings it was made for; equal ones may be of another time. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(GroovyEngine engine) {
    return settings == engine;
  }

  /** The jars whose contents are part of the fingerprint. */
  List<File> jars() {
    return jars;
  }

  @Override
  public String id() {
    return settings.id();
  }

  @Override
  public @Nullable String surroundings() {
    return surroundings;
  }

  @Override
  public Map<String, String> fingerprintParts() {
    Map<String, String> parts = new LinkedHashMap<>(settings.fingerprintParts());
    parts.put("use", "class loader");
    parts.put("jars", digest());
    return parts;
  }

  private String digest() {
    URL[] urls = new URL[jars.size()];
    try {
      for (int i = 0; i < urls.length; i++) {
        urls[i] = jars.get(i).toURI().toURL();
      }
      try (URLClassLoader together = new URLClassLoader(urls, null)) {
        String digest = ClassPathIdentity.digest(together);
        if (digest != null) {
          return digest;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("the jars of the loader cannot be identified", e);
    }
    throw new IllegalStateException("the jars of the loader cannot be identified");
  }

  /** The shape names the file already. */
  @Override
  public boolean bakesName() {
    return false;
  }

  @Override
  public Harvest harvest() {
    return Harvest.ANY_TIME;
  }

  /**
   * Has the loader compile what it was just asked for.
   *
   * @throws IllegalStateException when the code cannot be kept, or the loader is gone
   */
  @Override
  public ClassBundle compile(Source source, Shape shape) {
    CachingGroovyClassLoader own = loader.get();
    if (own == null) {
      throw new IllegalStateException("the class loader is gone");
    }
    return own.compileNow(source, this);
  }

  @Override
  public byte[] serialize(ClassBundle classes) {
    return classes.bytes();
  }

  @Override
  public ClassBundle restore(byte[] bytes, int offset, int length, Source source, Shape shape)
      throws RestoreException {
    ClassBundle bundle = ClassBundle.read(bytes, offset, length);
    GroovyLookups.read(bundle);
    if (bundle.main().isEmpty()) {
      throw new RestoreException("it does not say which class is the main one");
    }
    return bundle;
  }

  /** Loaders that see the same share what they compile. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || other instanceof GroovyLoaderUnits
            && surroundings != null
            && surroundings.equals(((GroovyLoaderUnits) other).surroundings);
  }

  @Override
  public int hashCode() {
    return surroundings == null ? 0 : surroundings.hashCode();
  }
}
