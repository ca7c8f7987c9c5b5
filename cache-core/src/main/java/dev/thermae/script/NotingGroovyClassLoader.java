package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyResourceLoader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.security.CodeSource;
import java.util.Collections;
import java.util.Enumeration;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.SourceUnit;
import org.jspecify.annotations.Nullable;

/**
 * A loader of Groovy's that notes what the compiler asks it, in the thread whose compilation is to
 * be kept. Thread-safe.
 */
abstract class NotingGroovyClassLoader extends GroovyClassLoader {
  /** What a thread is about to parse. */
  static final ThreadLocal<GroovyCompile> CURRENT = new ThreadLocal<>();

  static {
    registerAsParallelCapable();
  }

  private final GroovyPlaces places;

  @SuppressWarnings("this-escape") // the places keep it and ask it later
  NotingGroovyClassLoader(
      @Nullable ClassLoader parent, CompilerConfiguration configuration, boolean withClassPath) {
    super(parent, configuration, withClassPath);
    this.places = new GroovyPlaces(this, configuration);
  }

  /** Where its answers come from. */
  final GroovyPlaces places() {
    return places;
  }

  /** The answer to a question that only loaders of another kind ask. */
  String other(String question, String name) throws IOException {
    return "nobody knows " + question;
  }

  /** Whether this jar of its own is part of the fingerprint. */
  abstract boolean isTold(File jar);

  /** Whether the fingerprint tells what a resource of the parent holds. */
  abstract boolean isToldAbove(URL resource);

  /** The compilation of this thread whose questions are noted, or null. */
  @Nullable GroovyCompile noting() {
    GroovyCompile compile = CURRENT.get();
    return compile != null && compile.noting && compile.loader == this ? compile : null;
  }

  /** Whether the compiler would take the source instead of the class. */
  boolean isNewer(URL source, Class<?> type) throws IOException {
    if (source.getProtocol().equals("file")) {
      return new File(source.getPath()).lastModified() > getTimeStamp(type);
    }
    URLConnection connection = source.openConnection();
    try (InputStream in = connection.getInputStream()) {
      return in != null && connection.getLastModified() > getTimeStamp(type);
    }
  }

  /** What {@link #getClassCacheEntry} says. */
  @Nullable Class<?> parsedClass(String name) {
    Class<?> known = getClassCacheEntry(name);
    return known == null ? findLoadedClass(name) : known;
  }

  @Override
  protected CompilationUnit createCompilationUnit(
      CompilerConfiguration config, @Nullable CodeSource source) {
    GroovyCompile compile = noting();
    return compile == null
        ? super.createCompilationUnit(config, source)
        : new GroovyNotingUnit(config, source, this, compile);
  }

  @Override
  protected ClassCollector createCollector(CompilationUnit unit, SourceUnit source) {
    GroovyCompile compile = noting();
    boolean noted = compile != null && unit instanceof GroovyNotingUnit;
    return compile != null && noted
        ? compile.collector(unit, source)
        : super.createCollector(unit, source);
  }

  @Override
  public Class<?> loadClass(
      String name, boolean lookupScriptFiles, boolean preferClassOverScript, boolean resolve)
      throws ClassNotFoundException {
    GroovyCompile compile = noting();
    if (compile == null) {
      return super.loadClass(name, lookupScriptFiles, preferClassOverScript, resolve);
    }
    try {
      Class<?> found = super.loadClass(name, lookupScriptFiles, preferClassOverScript, resolve);
      places.noteClass(compile.lookups, name, found);
      return found;
    } catch (ClassNotFoundException e) {
      compile.lookups.note("c:" + name, GroovyLookups.ABSENT);
      throw e;
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    GroovyCompile compile = noting();
    ClassLoader parent = getParent();
    if (compile == null || parent == null) {
      return super.getResource(name);
    }
    URL above = parent.getResource(name);
    if (above != null) {
      compile.lookups.above(name);
      places.noteAbove(compile.lookups, name, above);
      return above;
    }
    URL own = findResource(name);
    places.noteResource(compile.lookups, name, own);
    return own;
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    GroovyCompile compile = noting();
    ClassLoader parent = getParent();
    if (compile != null && parent != null) {
      compile.lookups.note("R:" + name, places.ownResources(name));
      for (URL each : Collections.list(parent.getResources(name))) {
        places.noteAbove(compile.lookups, name, each);
      }
    }
    return super.getResources(name);
  }

  @Override
  public GroovyResourceLoader getResourceLoader() {
    GroovyResourceLoader own = super.getResourceLoader();
    GroovyCompile compile = noting();
    return compile == null ? own : name -> source(own, compile, name);
  }

  private @Nullable URL source(GroovyResourceLoader own, GroovyCompile compile, String name)
      throws MalformedURLException {
    compile.noting = false;
    URL found;
    try {
      found = own.loadGroovySource(name);
    } finally {
      compile.noting = true;
    }
    if (found == null) {
      compile.lookups.note("s:" + name, GroovyLookups.ABSENT);
    } else {
      compile.sourceOf(name, found);
    }
    return found;
  }
}
