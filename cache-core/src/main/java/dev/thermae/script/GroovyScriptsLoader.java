package dev.thermae.script;

import dev.thermae.CodeCache;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.groovy.GroovyEngine;
import groovy.lang.GroovyCodeSource;
import groovy.lang.GroovyResourceLoader;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.security.CodeSource;
import java.util.List;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.ClassNodeResolver;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.io.URLReaderSource;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of a script engine: scripts find each other where the engine finds them, before
 * anything else, and as classes while their files are unchanged. Thread-safe.
 */
final class GroovyScriptsLoader extends CachingGroovyClassLoader {
  private static final String QUESTION = "n:";

  static {
    registerAsParallelCapable();
  }

  private final GroovyScriptIndex scripts;
  private final CompilerConfiguration configuration;
  private final Object parsing = new Object();
  private GroovyEngine engine;
  private @Nullable GroovyScriptTracking tracking;

  /** {@code configuration} is the engine's own, which may change. */
  GroovyScriptsLoader(
      CodeCache cache,
      GroovyEngine engine,
      CompilerConfiguration configuration,
      GroovyScriptIndex scripts) {
    super(cache, engine, configuration, false);
    this.engine = engine;
    this.scripts = scripts;
    this.configuration = configuration;
    GroovyResourceLoader own = getResourceLoader();
    setResourceLoader(
        name -> {
          URL found = script(name.replace('.', File.separatorChar));
          return found == null ? own.loadGroovySource(name) : found;
        });
  }

  private @Nullable URL script(String path) {
    for (String extension : configuration.getScriptExtensions()) {
      URLConnection found = scripts.open(path + '.' + extension);
      if (found != null) {
        return found.getURL();
      }
    }
    return null;
  }

  @Override
  synchronized GroovyEngine settings() {
    GroovyEngine now = engine.withConfiguration(configuration);
    if (!now.equals(engine)) {
      engine = now;
    }
    return engine;
  }

  @Override
  public Class<?> parseClass(GroovyCodeSource code, boolean shouldCacheSource)
      throws CompilationFailedException {
    synchronized (parsing) {
      GroovyScriptTracking outer = tracking;
      tracking = null;
      try {
        Class<?> parsed = super.parseClass(code, false);
        GroovyScriptTracking own = tracking;
        if (own != null) {
          scripts.add(own.files(this::getClassCacheEntry), this::getClassCacheEntry);
        }
        return parsed;
      } finally {
        tracking = outer;
      }
    }
  }

  @Override
  void compiled(GroovyCompile compile) {
    GroovyScriptTracking own = tracking;
    if (own == null) {
      compile.lookups.untold("nobody knows which files it uses");
      return;
    }
    try {
      compile.part(
          GroovyScriptFile.NAME, GroovyScriptFile.encode(own.files(this::getClassCacheEntry)));
    } catch (IOException e) {
      compile.lookups.untold("which files it uses cannot be written: " + e);
    }
  }

  @Override
  void defined(ClassBundle bundle, List<Class<?>> all) throws IOException {
    scripts.add(GroovyScriptFile.read(bundle), this::getClassCacheEntry);
  }

  @Override
  protected CompilationUnit createCompilationUnit(
      CompilerConfiguration config, @Nullable CodeSource source) {
    CompilationUnit unit = super.createCompilationUnit(config, source);
    GroovyScriptTracking own = new GroovyScriptTracking(unit);
    tracking = own;
    unit.setClassNodeResolver(new Resolver(own));
    return unit;
  }

  @Override
  String other(String question, String name) throws IOException {
    if (!question.startsWith(QUESTION)) {
      return super.other(question, name);
    }
    GroovyScriptIndex.Found found = scripts.find(name, configuration);
    if (found == null) {
      return GroovyLookups.ABSENT;
    }
    Class<?> type = found.type();
    if (type == null) {
      String text = GroovyNotingUnit.text(new URLReaderSource(found.url(), configuration));
      return GroovyCompile.answer(found.path(), text);
    }
    return "class " + GroovyDefinedUnit.identity(type);
  }

  /** Finds names among the scripts first, as Groovy's own engine does. */
  private final class Resolver extends ClassNodeResolver {
    private final GroovyScriptTracking own;

    Resolver(GroovyScriptTracking own) {
      this.own = own;
    }

    @Override
    public @Nullable LookupResult findClassNode(String name, CompilationUnit unit) {
      GroovyScriptIndex.Found found = scripts.find(name, configuration);
      if (found == null) {
        note(name, GroovyLookups.ABSENT);
        return super.findClassNode(name, unit);
      }
      Class<?> type = found.type();
      if (type == null) {
        LookupResult source = new LookupResult(unit.addSource(found.url()), null);
        GroovyCompile compile = noting();
        String read = compile == null ? null : compile.takeText(found.path());
        if (compile != null && read == null) {
          compile.lookups.untold(name + " is in a file that was read before");
        } else if (read != null) {
          note(name, GroovyCompile.answer(found.path(), read));
        }
        return source;
      }
      own.compiledBefore(name, found.path());
      noteClass(name, type);
      ClassNode node = ClassHelper.make(type);
      return new LookupResult(null, node);
    }

    private void noteClass(String name, Class<?> type) {
      String identity = GroovyDefinedUnit.identity(type);
      GroovyCompile compile = noting();
      if (compile != null && (identity == null || GroovyPlaces.executes(type))) {
        compile.lookups.untold(name + " was not compiled through the cache");
      } else {
        note(name, "class " + identity);
      }
    }

    private void note(String name, String answer) {
      GroovyCompile compile = noting();
      if (compile != null) {
        compile.lookups.note(QUESTION + name, answer);
      }
    }
  }
}
