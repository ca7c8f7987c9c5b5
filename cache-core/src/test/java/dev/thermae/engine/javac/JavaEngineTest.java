package dev.thermae.engine.javac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.JavaSourceContract;
import dev.thermae.engine.StaleDependencyException;
import java.io.File;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JavaEngineTest extends JavaSourceContract<JavaUnit> {
  private static final Source USER =
      Source.of(
          "Main.java",
          """
          import library.*;
          public class Main {
            public static Object run(java.util.concurrent.Callable<String> c) {
              return new Part().text();
            }
          }
          """);

  @Override
  protected Engine<JavaUnit> engine() {
    return JavaEngine.create();
  }

  @Override
  protected Engine<JavaUnit> engineWithOtherOptions() {
    return JavaEngine.create().withOptions(List.of("-parameters"));
  }

  @Override
  protected JavaEngine engine(ClassLoader parent) {
    return JavaEngine.create().withParent(parent);
  }

  @Override
  protected ClassLoader loader(JavaUnit unit) {
    return unit.loader();
  }

  @Override
  protected Source user() {
    return USER;
  }

  @Override
  protected EngineSamples samples() {
    return samples(JavaFeatures.all(), "return 1 + 1;");
  }

  @Test
  void refusesTheCodeWhenANewClassCouldChangeWhatANameMeans() throws Exception {
    byte[] bytes;
    try (URLClassLoader parent = over(part("one"))) {
      bytes = bytes(parent);
    }

    Source more = Source.of("More.java", "package library; public class More {}");
    try (URLClassLoader parent = over(library("one", "library.More", more))) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(parent, bytes))
          .withMessageContaining("the package library has other classes");
    }
  }

  @Test
  void compilesASetOfFilesAsOneUnit() throws Exception {
    Source set =
        SourceSet.of(
            "set",
            Map.of(
                "a/A.java",
                    "package a; public class A { public static int f() { return b.B.g(); } }",
                "b/B.java", "package b; public class B { public static int g() { return 7; } }"));
    JavaEngine engine = JavaEngine.create();
    byte[] bytes = engine.serialize(engine.compile(set, Shape.SCRIPT));

    JavaUnit unit = engine.restore(bytes, 0, bytes.length, set, Shape.SCRIPT);

    assertThat(unit.type("a.A").getMethod("f").invoke(null)).isEqualTo(7);
    assertThat(unit.type("b.B").getClassLoader()).isSameAs(unit.loader());
  }

  @Test
  void takesNoOptionThatIsItsOwn() {
    JavaEngine engine = JavaEngine.create();

    for (String option : List.of("-cp", "-proc:full", "-Akey=value", "-d", "--module-path")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> engine.withOptions(List.of(option)))
          .withMessageContaining(option);
    }
  }

  @Test
  void asksForTheClassPathOfAStrangeLoader() {
    ClassLoader strange = new ClassLoader(getClass().getClassLoader()) {};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> JavaEngine.create().withParent(strange))
        .withMessageContaining("withParent(loader, classPath)");
    assertThat(JavaEngine.create().withParent(strange, List.of(new File("."))))
        .isEqualTo(JavaEngine.create().withParent(strange, List.of(new File("."))));
  }
}
