package dev.thermae.engine.janino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.JavaSourceContract;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.StaleDependencyException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JaninoEngineTest extends JavaSourceContract<JaninoUnit> {
  private static final Source USER =
      Source.of(
          "Main.java",
          """
          import first.*;
          import library.*;
          public class Main {
            public static Object run(java.util.concurrent.Callable c) {
              return new Part().text();
            }
          }
          """);

  @Override
  protected Engine<JaninoUnit> engine() {
    return JaninoEngine.create();
  }

  @Override
  protected Engine<JaninoUnit> engineWithOtherOptions() {
    return JaninoEngine.create().withTargetRelease(8);
  }

  @Override
  protected JaninoEngine engine(ClassLoader parent) {
    return JaninoEngine.create().withParent(parent);
  }

  @Override
  protected ClassLoader loader(JaninoUnit unit) {
    return unit.loader();
  }

  @Override
  protected Source user() {
    return USER;
  }

  @Override
  protected EngineSamples samples() {
    return samples(JaninoFeatures.all(), "return \"\" + 2;");
  }

  @Test
  void dependsOnAllThatDecidesItsCode() {
    assertThat(engine().fingerprintParts())
        .containsOnlyKeys("engine", "format", "options", "artifact", "commons", "jdk");
    assertThat(new HashSet<>(engine().fingerprintParts().values()))
        .as("each jar is one of its own")
        .hasSameSizeAs(engine().fingerprintParts().keySet());
  }

  @Test
  void refusesTheCodeWhenANewClassWouldChangeWhatANameMeans() throws Exception {
    Path one = part("one");
    byte[] bytes;
    try (URLClassLoader parent = over(one)) {
      bytes = bytes(parent);
    }

    Path first = library("first", "first.Part", part("first", "first"));
    try (URLClassLoader parent = over(one, first)) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(parent, bytes))
          .withMessageContaining("first.Part is there now");
    }
  }

  @Test
  void looksAtEachClassWhereTheClassPathIsNotKnown() throws Exception {
    ClassLoader strange = new ClassLoader(over(part("one"))) {};
    byte[] bytes = bytes(strange);

    assertThat(run(restore(strange, bytes), () -> "")).isEqualTo("one");
    ClassLoader changed = new ClassLoader(over(part("two"))) {};
    assertThatExceptionOfType(StaleDependencyException.class)
        .isThrownBy(() -> restore(changed, bytes));
  }

  @Test
  void keepsInMemoryWhatWasCompiledAgainstAClassWithoutAFile() throws Exception {
    ClassLoader made =
        new ClassLoader(over(part("one"))) {
          @Override
          public java.io.InputStream getResourceAsStream(String name) {
            return name.equals("library/Part.class") ? null : super.getResourceAsStream(name);
          }
        };
    JaninoEngine engine = engine(made);

    JaninoUnit unit = engine.compile(USER, SHAPE);

    assertThat(run(unit, () -> "")).isEqualTo("one");
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> engine.serialize(unit))
        .withMessageContaining("no file holds");
  }

  @Test
  void saysWhichFileOfASetIsAtFault() {
    Source set =
        SourceSet.of(
            "set", Map.of("a/A.java", "package a; class A {}", "b/B.java", "package b;\nclass"));

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> JaninoEngine.create().compile(set, Shape.SCRIPT))
        .satisfies(e -> assertThat(e.name()).isEqualTo("b/B.java"))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));
  }

  @Test
  void sharesUnitsBetweenEqualEnginesOnly() {
    JaninoEngine engine = JaninoEngine.create();

    assertThat(engine).isEqualTo(JaninoEngine.create()).hasSameHashCodeAs(JaninoEngine.create());
    assertThat(engine)
        .isNotEqualTo(engine.withLocalVariables())
        .isNotEqualTo(engine.withTargetRelease(8))
        .isNotEqualTo(engine.withParent(null));
  }

  @Test
  void storesWhatWasLookedForInVain() throws Exception {
    JaninoUnit unit;
    try (URLClassLoader parent = over(part("one"))) {
      unit = compile(parent);
    }
    int[] at = unit.bundle().place(Dependencies.NAME);
    String manifest =
        new String(unit.bundle().array(), at[0], at[1], java.nio.charset.StandardCharsets.UTF_8);

    assertThat(manifest).contains("first.Part", "library.Part").doesNotContain("java.util");
  }
}
