package dev.thermae.engine.groovy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.jspecify.annotations.Nullable;

/** What of a configuration decides the code, as text. Stateless. */
final class GroovyOptions {
  private GroovyOptions() {}

  /**
   * The settings as text; null when there are customizers or a processor of bytecode, whose code
   * nobody can tell by looking at them, and {@code identity} does not stand for them.
   */
  static @Nullable String describe(CompilerConfiguration configuration, @Nullable String identity) {
    boolean customized =
        !configuration.getCompilationCustomizers().isEmpty()
            || configuration.getBytecodePostprocessor() != null;
    if (customized && identity == null) {
      return null;
    }
    StringBuilder text = new StringBuilder(256);
    text.append("target ").append(configuration.getTargetBytecode());
    text.append(" preview ").append(configuration.isPreviewFeatures());
    text.append(" parameters ").append(configuration.getParameters());
    text.append(" debug ").append(configuration.getDebug());
    text.append(" encoding ").append(configuration.getSourceEncoding());
    text.append(" base ").append(configuration.getScriptBaseClass());
    text.append(" parser ").append(name(configuration.getPluginFactory()));
    text.append(" extensions ").append(new TreeSet<>(configuration.getScriptExtensions()));
    text.append(" options ").append(sorted(configuration.getOptimizationOptions()));
    text.append(" class path ").append(configuration.getClasspath());
    Set<String> disabled = configuration.getDisabledGlobalASTTransformations();
    text.append(" disabled ").append(disabled == null ? "" : new TreeSet<>(disabled).toString());
    return identity == null ? text.toString() : text + " identity " + identity;
  }

  /** What the configuration's class path names; null for patterns and what is in no file. */
  static @Nullable List<File> classPath(CompilerConfiguration configuration) {
    List<File> places = new ArrayList<>();
    for (String place : configuration.getClasspath()) {
      File file = place.indexOf('*') >= 0 ? null : file(place);
      if (file == null) {
        return null;
      }
      places.add(file);
    }
    return places;
  }

  /** An address, or else a path, as a loader of Groovy's takes it. */
  private static @Nullable File file(String place) {
    URI address;
    try {
      address = new URI(place);
      address.toURL();
    } catch (URISyntaxException | IllegalArgumentException | MalformedURLException e) {
      return new File(place);
    }
    try {
      return new File(address);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A copy with the customizers, which the constructor leaves out. */
  static CompilerConfiguration copy(CompilerConfiguration configuration) {
    CompilerConfiguration copy = new CompilerConfiguration(configuration);
    copy.addCompilationCustomizers(
        configuration.getCompilationCustomizers().toArray(new CompilationCustomizer[0]));
    return copy;
  }

  private static String name(@Nullable Object value) {
    return value == null ? "" : value.getClass().getName();
  }

  private static Map<String, ?> sorted(@Nullable Map<String, ?> map) {
    return map == null ? Map.of() : new TreeMap<>(map);
  }
}
