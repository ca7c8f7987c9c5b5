package dev.thermae.script;

import dev.thermae.engine.Dependencies;
import groovy.lang.GroovyClassLoader;
import groovy.transform.stc.ClosureSignatureConflictResolver;
import groovy.transform.stc.ClosureSignatureHint;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.io.URLReaderSource;
import org.codehaus.groovy.runtime.m12n.ExtensionModuleScanner;
import org.codehaus.groovy.transform.ASTTransformation;
import org.codehaus.groovy.transform.AnnotationCollectorTransform;
import org.codehaus.groovy.transform.stc.GroovyTypeCheckingExtensionSupport;
import org.codehaus.groovy.transform.stc.TypeCheckingExtension;
import org.jspecify.annotations.Nullable;

/**
 * Where a loader's classes, resources and sources come from, as answers that can be compared with
 * those of another time. What the parent has is told by the fingerprint. Thread-safe.
 */
final class GroovyPlaces {
  private static final String ABOVE = "above";

  /** The answer for a source that its class is preferred to. */
  static final String OLDER = "older than its class";

  private static final String IN_JAR = "in a jar";
  private static final List<String> EXTENSIONS =
      List.of(
          ExtensionModuleScanner.MODULE_META_INF_FILE,
          ExtensionModuleScanner.LEGACY_MODULE_META_INF_FILE);
  private static final String[] QUESTIONS = {"c:", "r:", "R:", "s:", "S:"};

  private final NotingGroovyClassLoader loader;
  private final CompilerConfiguration configuration;

  GroovyPlaces(NotingGroovyClassLoader loader, CompilerConfiguration configuration) {
    this.loader = loader;
    this.configuration = configuration;
  }

  /** The answers to the questions of {@code then}, as they are now. */
  Map<String, String> now(Map<String, String> then) {
    Map<String, String> now = new TreeMap<>();
    for (Map.Entry<String, String> each : then.entrySet()) {
      String question = each.getKey();
      String name = question.substring(2);
      try {
        now.put(question, now(question, name, each.getValue()));
      } catch (IOException | RuntimeException e) {
        now.put(question, "cannot be told: " + e.getClass().getName());
      }
    }
    return now;
  }

  private String now(String question, String name, String then) throws IOException {
    if (question.startsWith(QUESTIONS[0])) {
      return classNow(name, then);
    }
    if (question.startsWith(QUESTIONS[1])) {
      return isAbove(name) ? ABOVE : resource(loader.findResource(name));
    }
    if (question.startsWith(QUESTIONS[2])) {
      return ownResources(name);
    }
    if (question.startsWith(QUESTIONS[3]) || question.startsWith(QUESTIONS[4])) {
      return source(name, question.startsWith(QUESTIONS[4]));
    }
    return loader.other(question, name);
  }

  private String source(String name, boolean besideClass) throws IOException {
    URL url = loader.getResourceLoader().loadGroovySource(name);
    if (url == null) {
      return GroovyLookups.ABSENT;
    }
    Class<?> type = besideClass ? loader.parsedClass(name) : null;
    if (type != null && !loader.isNewer(url, type)) {
      return OLDER;
    }
    String text = GroovyNotingUnit.text(new URLReaderSource(url, configuration));
    return GroovyCompile.answer(url.toExternalForm(), text);
  }

  private String classNow(String name, String then) {
    Class<?> known = loader.parsedClass(name);
    if (known != null) {
      String told = own(known);
      return told == null ? "defined by others" : told;
    }
    boolean appeared = ownClass(name) != null || isAbove(classFile(name));
    boolean changed = then.equals(GroovyLookups.ABSENT) && appeared;
    return changed || !isPlain(then) ? "somewhere else" : then;
  }

  private static boolean isPlain(String answer) {
    return answer.equals(GroovyLookups.ABSENT) || answer.equals(ABOVE) || answer.equals(IN_JAR);
  }

  private @Nullable URL ownClass(String name) {
    return loader.findResource(classFile(name));
  }

  private static String classFile(String name) {
    return name.replace('.', '/') + ".class";
  }

  /** What the parent had is told by the fingerprint, but folders may have got more since. */
  private boolean isAbove(String name) {
    ClassLoader parent = loader.getParent();
    return parent != null && parent.getResource(name) != null;
  }

  /** Notes that the parent has a resource, which nobody can recognize outside its class path. */
  void noteAbove(GroovyLookups lookups, String name, @Nullable URL above) {
    if (above == null || !loader.isToldAbove(above)) {
      lookups.untold(name + " came into the parent by other ways");
    }
  }

  /** Groovy looks for extension methods once for each loader; a later source has them unasked. */
  void noteExtensions(GroovyLookups lookups) throws IOException {
    for (String name : EXTENSIONS) {
      lookups.note("R:" + name, ownResources(name));
      for (URL each : Collections.list(loader.findResources(name))) {
        if (!isInJar(each)) {
          lookups.untold("extension methods lie in a folder of the loader");
        }
      }
    }
  }

  /** Notes which class the compiler was given for a name. */
  void noteClass(GroovyLookups lookups, String name, @Nullable Class<?> found) {
    String told = found == null ? null : own(found);
    if (told == null) {
      lookups.untold(name + " came into the loader by other ways");
    } else if (!told.equals(ABOVE) && !told.equals(IN_JAR) && found != null && executes(found)) {
      lookups.untold(name + " takes part in compiling");
    } else {
      ClassLoader parent = loader.getParent();
      if (told.equals(ABOVE) && parent != null) {
        noteAbove(lookups, name, parent.getResource(classFile(name)));
      }
      lookups.note(QUESTIONS[0] + name, told);
    }
  }

  static boolean executes(Class<?> type) {
    return ASTTransformation.class.isAssignableFrom(type)
        || AnnotationCollectorTransform.class.isAssignableFrom(type)
        || TypeCheckingExtension.class.isAssignableFrom(type)
        || GroovyTypeCheckingExtensionSupport.TypeCheckingDSL.class.isAssignableFrom(type)
        || ClosureSignatureHint.class.isAssignableFrom(type)
        || ClosureSignatureConflictResolver.class.isAssignableFrom(type);
  }

  /** What tells a class from others; null where nobody can. */
  private @Nullable String own(Class<?> type) {
    ClassLoader from = type.getClassLoader();
    if (from == loader) {
      URL file = ownClass(type.getName());
      return file != null && isInJar(file) ? IN_JAR : null;
    }
    boolean parsed = from instanceof GroovyClassLoader.InnerLoader && from.getParent() == loader;
    return parsed ? GroovyDefinedUnit.identity(type) : ABOVE;
  }

  /** Notes what of the loader's own a name stands for; folders may change under the compiler. */
  void noteResource(GroovyLookups lookups, String name, @Nullable URL own) {
    if (own != null && name.endsWith(".class") && !isInJar(own)) {
      lookups.untold(name + " lies in a folder of the loader");
      return;
    }
    try {
      lookups.note(QUESTIONS[1] + name, resource(own));
    } catch (IOException e) {
      lookups.untold(name + " cannot be read");
    }
  }

  /** What the loader has besides its parent under a name. */
  String ownResources(String name) throws IOException {
    StringBuilder all = new StringBuilder();
    for (URL each : Collections.list(loader.findResources(name))) {
      all.append(resource(each)).append('\n');
    }
    return all.toString();
  }

  private String resource(@Nullable URL url) throws IOException {
    if (url == null) {
      return GroovyLookups.ABSENT;
    }
    if (isInJar(url)) {
      return IN_JAR;
    }
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      return Dependencies.checksum(in.readAllBytes());
    }
  }

  private boolean isInJar(URL url) {
    if (!url.getProtocol().equals("jar")) {
      return false;
    }
    try {
      File jar = GroovyLoaderUnits.file(((JarURLConnection) url.openConnection()).getJarFileURL());
      return jar != null && loader.isTold(jar);
    } catch (IOException | ClassCastException e) {
      return false;
    }
  }
}
