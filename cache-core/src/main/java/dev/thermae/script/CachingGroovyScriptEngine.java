package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.engine.groovy.GroovyEngine;
import groovy.lang.GroovyClassLoader;
import groovy.util.GroovyScriptEngine;
import groovy.util.ResourceConnector;
import groovy.util.ResourceException;
import groovy.util.ScriptException;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.runtime.IOGroovyMethods;
import org.jspecify.annotations.Nullable;

/**
 * Groovy's script engine, whose scripts are compiled once for all processes: after a restart
 * nothing is compiled while no file has changed, and a file that has is compiled together with what
 * uses it. Thread-safe.
 *
 * <pre>{@code
 * try (CodeCache cache = CodeCache.builder().build()) {
 *   GroovyScriptEngine engine = new CachingGroovyScriptEngine(cache, roots, parent);
 *   engine.run("billing/Main.groovy", binding);
 * }
 * }</pre>
 *
 * <p>What it compiles with, and where that is left to Groovy, is as {@link
 * CachingGroovyClassLoader} says. Below a parent that is a loader of Groovy's it is Groovy's own
 * engine, and caches nothing.
 */
public final class CachingGroovyScriptEngine extends GroovyScriptEngine {
  private final CodeCache cache;
  private final URL[] roots;
  private final ResourceConnector connector;
  private volatile @Nullable GroovyScriptsLoader loader;
  private final GroovyScriptIndex scripts;

  /**
   * An engine for the scripts below {@code roots}.
   *
   * @param cache stays the caller's to close
   * @param parent whose classes the scripts see
   */
  public CachingGroovyScriptEngine(CodeCache cache, URL[] roots, ClassLoader parent) {
    super(roots, parent);
    this.cache = cache;
    this.roots = roots.clone();
    this.connector = this;
    this.scripts = index();
    this.loader = newLoader();
  }

  /**
   * An engine for the scripts that {@code connector} finds.
   *
   * @param cache stays the caller's to close
   * @param parent whose classes the scripts see
   */
  public CachingGroovyScriptEngine(
      CodeCache cache, ResourceConnector connector, ClassLoader parent) {
    super(connector, parent);
    this.cache = cache;
    this.roots = new URL[0];
    this.connector = connector;
    this.scripts = index();
    this.loader = newLoader();
  }

  private GroovyScriptIndex index() {
    return new GroovyScriptIndex(connector, this::getCurrentTime, this::getConfig);
  }

  private @Nullable GroovyScriptsLoader newLoader() {
    for (ClassLoader each = getParentClassLoader(); each != null; each = each.getParent()) {
      if (each instanceof GroovyClassLoader) {
        return null;
      }
    }
    CompilerConfiguration own = getConfig();
    GroovyEngine engine =
        GroovyEngine.create().withParent(getParentClassLoader()).withConfiguration(own);
    GroovyScriptsLoader made = new GroovyScriptsLoader(cache, engine, own, scripts);
    for (URL root : roots) {
      made.addURL(root);
    }
    return made;
  }

  @Override
  public Class<?> loadScriptByName(String scriptName) throws ResourceException, ScriptException {
    GroovyScriptsLoader own = loader;
    if (own == null) {
      return super.loadScriptByName(scriptName);
    }
    URLConnection connection = connector.getResourceConnection(scriptName);
    try {
      String path = connection.getURL().toExternalForm();
      Class<?> known = scripts.isNewer(path) ? null : scripts.type(path);
      return known == null ? own.parseClass(text(connection), path) : known;
    } catch (IOException e) {
      throw new ResourceException(e);
    } finally {
      GroovyScriptIndex.close(connection);
    }
  }

  private String text(URLConnection connection) throws IOException {
    String told = connection.getContentEncoding();
    return IOGroovyMethods.getText(
        connection.getInputStream(), told == null ? getConfig().getSourceEncoding() : told);
  }

  @Override
  public GroovyClassLoader getGroovyClassLoader() {
    GroovyScriptsLoader own = loader;
    return own == null ? super.getGroovyClassLoader() : own;
  }

  /** Scripts that are loaded stay; those to come are compiled with {@code config}. */
  @Override
  public void setConfig(CompilerConfiguration config) {
    super.setConfig(config);
    loader = newLoader();
  }
}
