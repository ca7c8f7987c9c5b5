package dev.thermae.engine.javac;

import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.RestoreException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** One run of the JDK's compiler. Used once. */
final class JavaCompilation {
  private final List<String> options;
  private final List<File> classPath;
  private final @Nullable String identity;

  JavaCompilation(List<String> options, List<File> classPath, @Nullable String identity) {
    this.options = options;
    this.classPath = classPath;
    this.identity = identity;
  }

  /** The classes, and what they were compiled against. */
  ClassBundle run(Source source) {
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = files(classPath)) {
      RecordingFiles recording = new RecordingFiles(files);
      List<Text> texts = new ArrayList<>();
      for (Map.Entry<String, String> file : SourceSet.files(source).entrySet()) {
        texts.add(new Text(file.getKey(), file.getValue()));
      }
      boolean compiled =
          compiler()
              .getTask(Writer.nullWriter(), recording, diagnostics, options, null, texts)
              .call();
      if (!compiled) {
        throw error(source, diagnostics.getDiagnostics());
      }
      Map<String, byte[]> classes = recording.classes();
      classes.put(
          Dependencies.NAME, recording.dependencies(identity == null ? "" : identity).encode());
      return ClassBundle.of("", classes);
    } catch (RestoreException e) {
      throw new CompileException(String.valueOf(e.getMessage()), source.name(), 0, 0, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaCompiler compiler() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException(
          "this Java runtime has no compiler: run on a JDK, or store the code with one first");
    }
    return compiler;
  }

  static StandardJavaFileManager files(List<File> classPath) throws IOException {
    StandardJavaFileManager files =
        compiler().getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    files.setLocation(StandardLocation.CLASS_PATH, classPath);
    return files;
  }

  private static CompileException error(
      Source source, List<Diagnostic<? extends JavaFileObject>> diagnostics) {
    for (Diagnostic<? extends JavaFileObject> each : diagnostics) {
      if (each.getKind() == Diagnostic.Kind.ERROR) {
        JavaFileObject file = each.getSource();
        String name = file instanceof Text ? ((Text) file).name : source.name();
        String detail = each.getMessage(Locale.ROOT);
        return new CompileException(
            detail,
            name,
            (int) each.getLineNumber(),
            (int) each.getColumnNumber(),
            new IllegalArgumentException(each.toString()));
      }
    }
    Throwable cause = new IllegalStateException("the compiler gave no reason");
    return new CompileException("not compiled", source.name(), 0, 0, cause);
  }

  /** A source file in memory; the compiler checks that public types are named like it. */
  private static final class Text extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    Text(String name, String text) {
      super(URI.create("memory:///" + path(name)), Kind.SOURCE);
      this.name = name;
      this.text = text;
    }

    /** What a URI takes: the path of a URL, any other name with its odd characters escaped. */
    private static String path(String name) {
      int scheme = name.indexOf("://");
      int end = scheme < 0 ? -1 : name.indexOf('?', scheme);
      String plain = end < 0 ? name : name.substring(0, end);
      String path = scheme < 0 ? plain : plain.substring(plain.indexOf('/', scheme + 3) + 1);
      return escaped(path);
    }

    private static String escaped(String path) {
      try {
        return new URI(null, null, '/' + path, null).getRawPath().substring(1);
      } catch (java.net.URISyntaxException e) {
        throw new IllegalArgumentException("no name of a Java source: " + path, e);
      }
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
