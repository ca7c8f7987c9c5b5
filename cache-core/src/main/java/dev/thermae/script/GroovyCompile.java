package dev.thermae.script;

import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.RestoreException;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.SourceUnit;
import org.jspecify.annotations.Nullable;

/**
 * One source on its way through a loader: what was asked, what the compiler did about it if it had
 * to, and how that ended. Used by one thread.
 */
final class GroovyCompile {
  final GroovyClassLoader loader;
  final GroovyCodeSource code;
  final String text;
  final GroovyLookups lookups = new GroovyLookups();

  /** Whether the compiler is running, and its questions are to be noted. */
  boolean noting;

  private final Map<String, byte[]> classes = new LinkedHashMap<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, URL> sources = new HashMap<>();
  private final Map<String, byte[]> parts = new LinkedHashMap<>();
  private @Nullable String primary;
  private @Nullable GroovyDefinedUnit unit;
  private @Nullable Class<?> result;
  private @Nullable Throwable failure;
  private boolean done;

  /** {@code text} is what the key was made of. */
  GroovyCompile(GroovyClassLoader loader, GroovyCodeSource code, String text) {
    this.loader = loader;
    this.code = code;
    this.text = text;
  }

  /** The compiler takes {@code read} for the source called {@code name}. */
  void source(String name, String read) {
    if (primary == null) {
      primary = name;
      if (!read.equals(text)) {
        lookups.untold("its file changed while it was compiled");
      }
    } else {
      texts.put(name, read);
    }
  }

  /** A name was looked for among sources, and found. */
  void sourceOf(String name, URL url) {
    sources.put(name, url);
  }

  /** Something else to be kept with the classes, under a name that no class has. */
  void part(String name, byte[] bytes) {
    parts.put(name, bytes);
  }

  /** What the compiler read of a source besides the first one, told once; null when it did not. */
  @Nullable String takeText(String name) {
    return texts.remove(name);
  }

  GroovyClassLoader.ClassCollector collector(CompilationUnit unitOf, SourceUnit source) {
    GroovyDefinedUnit own = new GroovyDefinedUnit(loader);
    unit = own;
    return new Collector(own, unitOf, source);
  }

  void ended(@Nullable Class<?> made) {
    result = made;
    done = true;
  }

  void failed(Throwable why) {
    failure = why;
  }

  boolean isDone() {
    return done;
  }

  @Nullable Class<?> result() {
    return result;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /**
   * What was compiled.
   *
   * @throws IllegalStateException when it must not be kept
   */
  ClassBundle bundle() {
    noteSources();
    Class<?> main = result;
    String untold = lookups.untold();
    if (untold == null && (main == null || !classes.containsKey(main.getName()))) {
      untold = "it has no class of its own";
    }
    if (main == null || untold != null) {
      lookups.untold(String.valueOf(untold));
      throw new IllegalStateException(untold);
    }
    try {
      Map<String, byte[]> all = new LinkedHashMap<>(classes);
      all.putAll(parts);
      all.put(GroovyLookups.NAME, lookups.encode());
      ClassBundle bundle = ClassBundle.of(main.getName(), all);
      if (unit != null) {
        unit.identify(Dependencies.checksum(bundle.bytes()));
      }
      return bundle;
    } catch (RestoreException e) {
      lookups.untold(String.valueOf(e.getMessage()));
      throw new IllegalStateException(e);
    }
  }

  /** Sources that became part of it by their text; where a class was preferred by their times. */
  private void noteSources() {
    for (Map.Entry<String, URL> each : sources.entrySet()) {
      String name = each.getKey();
      String place = each.getValue().toExternalForm();
      String read = texts.remove(place);
      boolean hasClass = lookups.found("c:" + name);
      if (lookups.isAbove(name) || read == null && !hasClass) {
        lookups.untold(name + " is there as a source and as a class");
      } else {
        String answer = read == null ? GroovyPlaces.OLDER : answer(place, read);
        lookups.note((hasClass ? "S:" : "s:") + name, answer);
      }
    }
    if (!texts.isEmpty()) {
      lookups.untold("sources became a part of it that nobody looked for: " + texts.keySet());
    }
  }

  static String answer(String place, String text) {
    return place + ' ' + Dependencies.checksum(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Keeps the class files that the compiler makes. */
  private final class Collector extends GroovyClassLoader.ClassCollector {
    Collector(GroovyClassLoader.InnerLoader loader, CompilationUnit unit, SourceUnit source) {
      super(loader, unit, source);
    }

    @Override
    @SuppressWarnings("rawtypes")
    protected Class createClass(byte[] bytes, ClassNode node) {
      classes.put(node.getName(), bytes);
      return super.createClass(bytes, node);
    }
  }
}
