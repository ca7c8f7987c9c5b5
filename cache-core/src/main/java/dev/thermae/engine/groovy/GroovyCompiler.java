package dev.thermae.engine.groovy;

import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.RestoreException;
import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.GroovyBugError;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.messages.Message;
import org.codehaus.groovy.control.messages.SyntaxErrorMessage;
import org.codehaus.groovy.syntax.SyntaxException;
import org.codehaus.groovy.tools.GroovyClass;
import org.jspecify.annotations.Nullable;

/** Compiles Groovy to bundles, and defines bundles. Used once. */
final class GroovyCompiler {
  private static final String NOWHERE = "file:/groovy/script";

  private final @Nullable ClassLoader parent;
  private final CompilerConfiguration configuration;

  GroovyCompiler(@Nullable ClassLoader parent, CompilerConfiguration configuration) {
    this.parent = parent;
    this.configuration = configuration;
  }

  GroovyUnit compile(Source source) {
    try {
      return define(source, classes(source, null, codeSource(source)));
    } catch (RestoreException e) {
      throw error(source, e);
    }
  }

  /**
   * Compiles as a class loader of Groovy's does, and defines nothing.
   *
   * @throws IllegalStateException when sources on the class path were compiled with it, which may
   *     change while this JVM runs
   */
  ClassBundle classes(Source source, String fileName) {
    return classes(source, fileName, new CodeSource(url(NOWHERE), (Certificate[]) null));
  }

  /**
   * With a {@code fileName}, compiles the text as that one file, as a class loader of Groovy's
   * does; without, all files of the source, each under its own name.
   */
  private ClassBundle classes(Source source, @Nullable String fileName, CodeSource codeSource) {
    boolean asLoader = fileName != null;
    CompilerConfiguration own = GroovyOptions.copy(configuration);
    try (GroovyClassLoader loader = new GroovyClassLoader(parent, own)) {
      CompilationUnit unit = new CompilationUnit(own, codeSource, loader);
      SourceUnit first = null;
      Map<String, String> files =
          asLoader ? Map.of(source.name(), source.text()) : SourceSet.files(source);
      for (Map.Entry<String, String> file : files.entrySet()) {
        String name = fileName == null ? scriptName(file.getKey()) : fileName;
        SourceUnit added = unit.addSource(name, file.getValue());
        first = first == null ? added : first;
      }
      unit.compile(Phases.CLASS_GENERATION);
      if (asLoader && unit.getAST().getModules().size() > 1) {
        throw new IllegalStateException("sources on the class path became a part of it");
      }
      Map<String, byte[]> classes = new LinkedHashMap<>();
      for (GroovyClass each : unit.getClasses()) {
        classes.put(each.getName(), each.getBytes());
      }
      String named = asLoader && first != null ? first.getAST().getMainClassName() : null;
      return ClassBundle.of(
          named != null && classes.containsKey(named) ? named : main(first), classes);
    } catch (CompilationFailedException | GroovyBugError | RestoreException e) {
      throw error(source, e);
    } catch (StackOverflowError e) {
      throw new CompileException(
          "nested too deeply for the stack of this thread", source.name(), 0, 0, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first class of the first file. */
  private static String main(@Nullable SourceUnit first) {
    List<ClassNode> nodes = first == null ? List.of() : first.getAST().getClasses();
    return nodes.isEmpty() ? "" : nodes.get(0).getName();
  }

  /** Defines the main class of {@code bundle}, the others when they are needed. */
  GroovyUnit define(Source source, ClassBundle bundle) throws RestoreException {
    ProtectionDomain domain = new ProtectionDomain(codeSource(source), null);
    GroovyUnitLoader loader =
        new GroovyUnitLoader(parent, configuration, bundle, bundle.array(), domain);
    try {
      GroovyUnit unit = new GroovyUnit(Class.forName(bundle.main(), false, loader), bundle);
      DroppedUnits.follow(unit, loader);
      return unit;
    } catch (ClassNotFoundException | LinkageError e) {
      throw new RestoreException("the classes cannot be defined: " + e, e);
    }
  }

  /** Without the query and fragment of a URL: the class of a script is named by its file. */
  private static String scriptName(String name) {
    int end = name.length();
    if (name.indexOf("://") > 0) {
      for (int i = name.length() - 1; i >= 0; i--) {
        if (name.charAt(i) == '?' || name.charAt(i) == '#') {
          end = i;
        }
      }
    }
    return name.substring(0, end);
  }

  private static CodeSource codeSource(Source source) {
    String name = source.name();
    return new CodeSource(url(name.indexOf(":/") > 0 ? name : NOWHERE), (Certificate[]) null);
  }

  private static @Nullable URL url(String name) {
    try {
      return URI.create(name).toURL();
    } catch (IllegalArgumentException | MalformedURLException e) {
      return null;
    }
  }

  private static CompileException error(Source source, Throwable fault) {
    if (fault instanceof MultipleCompilationErrorsException) {
      List<? extends Message> all =
          ((MultipleCompilationErrorsException) fault).getErrorCollector().getErrors();
      Message first = all == null || all.isEmpty() ? null : all.get(0);
      if (first instanceof SyntaxErrorMessage) {
        SyntaxException syntax = ((SyntaxErrorMessage) first).getCause();
        return new CompileException(
            syntax.getOriginalMessage(),
            source.name(),
            syntax.getStartLine(),
            syntax.getStartColumn(),
            fault);
      }
    }
    return new CompileException(String.valueOf(fault.getMessage()), source.name(), 0, 0, fault);
  }
}
