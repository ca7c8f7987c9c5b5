package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples of the README are code: imports, and statements that may throw. */
class ReadmeTest {
  static List<List<String>> samples() throws IOException {
    List<List<String>> samples = new ArrayList<>();
    List<String> open = null;
    for (String line : Files.readAllLines(Path.of("..", "README.md"))) {
      if (line.equals("```java")) {
        open = new ArrayList<>();
        samples.add(open);
      } else if (line.equals("```")) {
        open = null;
      } else if (open != null) {
        open.add(line);
      }
    }
    assertThat(samples).isNotEmpty();
    return samples;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void compiles(List<String> sample, @TempDir Path folder) {
    StringBuilder imports = new StringBuilder();
    StringBuilder statements = new StringBuilder();
    for (String line : sample) {
      (line.startsWith("import ") ? imports : statements).append(line).append('\n');
    }
    String text =
        imports + "class Sample {\n  void run() throws Exception {\n" + statements + "  }\n}\n";
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Sample.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean lenient) {
            return text;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            folder.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean good = compiler.getTask(said, null, null, options, null, List.of(file)).call();
    assertThat(good).as("%s%s", text, said).isTrue();
  }
}
