package dev.thermae.script;

import groovy.lang.GroovyClassLoader;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.net.URL;
import java.security.CodeSource;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.io.FileReaderSource;
import org.codehaus.groovy.control.io.ReaderSource;
import org.codehaus.groovy.control.io.URLReaderSource;
import org.codehaus.groovy.runtime.IOGroovyMethods;
import org.jspecify.annotations.Nullable;

/** A compilation whose sources are read once, so that what was read is what was compiled. */
final class GroovyNotingUnit extends CompilationUnit {
  private final GroovyCompile compile;

  GroovyNotingUnit(
      CompilerConfiguration configuration,
      @Nullable CodeSource codeSource,
      GroovyClassLoader loader,
      GroovyCompile compile) {
    super(configuration, codeSource, loader);
    this.compile = compile;
  }

  @Override
  public SourceUnit addSource(SourceUnit source) {
    for (SourceUnit each : queuedSources) {
      if (each.getName().equals(source.getName())) {
        return super.addSource(source);
      }
    }
    try {
      String text = text(source.getSource());
      compile.source(source.getName(), text);
      return super.addSource(
          new SourceUnit(
              source.getName(),
              again(source.getSource(), text),
              getConfiguration(),
              getClassLoader(),
              getErrorCollector()));
    } catch (IOException e) {
      compile.lookups.untold("it cannot be read: " + e);
      return super.addSource(source);
    }
  }

  private ReaderSource again(ReaderSource source, String text) throws IOException {
    if (source instanceof FileReaderSource) {
      return new OfFile(((FileReaderSource) source).getFile(), configuration, text);
    }
    boolean plain = source.getClass() == URLReaderSource.class;
    return plain ? new OfUrl(source.getURI().toURL(), configuration, text) : source;
  }

  /** What a source says now. */
  static String text(ReaderSource source) throws IOException {
    try (Reader reader = source.getReader()) {
      return IOGroovyMethods.getText(reader);
    }
  }

  /** A file that was read. */
  private static final class OfFile extends FileReaderSource {
    private final String text;

    OfFile(File file, CompilerConfiguration configuration, String text) {
      super(file, configuration);
      this.text = text;
    }

    @Override
    public Reader getReader() {
      return new StringReader(text);
    }
  }

  /** A resource that was read. */
  private static final class OfUrl extends URLReaderSource {
    private final String text;

    OfUrl(URL url, CompilerConfiguration configuration, String text) {
      super(url, configuration);
      this.text = text;
    }

    @Override
    public Reader getReader() {
      return new StringReader(text);
    }
  }
}
