package dev.thermae.engine.janino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Dependencies;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.StaleDependencyException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JaninoEngineTest extends EngineContract<JaninoUnit> {
  private static final Shape SHAPE = Shape.SCRIPT.named("Main.java");
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

  @TempDir Path folder;

  @Override
  protected Engine<JaninoUnit> engine() {
    return JaninoEngine.create();
  }

  @Override
  protected Engine<JaninoUnit> engineWithOtherOptions() {
    return JaninoEngine.create().withTargetRelease(8);
  }

  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        JaninoFeatures.all(),
        main("String kept = \"kept\"; return kept;"),
        main("\n throw new IllegalStateException(\"on purpose\");"),
        2,
        main("\n int b = ;"),
        2,
        main("return c.call();"),
        main("return \"\" + 2;"));
  }

  /** A source whose method {@code run} begins in line 1. */
  private static Source main(String statements) {
    return Source.of(
        "Main.java",
        "public class Main { public static Object run(java.util.concurrent.Callable c)"
            + " throws Exception {"
            + statements
            + "} }");
  }

  @Override
  protected String run(JaninoUnit unit, Callable<String> callback) {
    try {
      return String.valueOf(
          unit.type("Main").getMethod("run", Callable.class).invoke(null, callback));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      StackTraceElement at = cause.getStackTrace()[0];
      return cause + " at " + at.getFileName() + ':' + at.getLineNumber();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(JaninoEngine engine) throws RestoreException {
    return engine.serialize(engine.compile(USER, SHAPE));
  }

  private static JaninoUnit restore(JaninoEngine engine, byte[] bytes) throws RestoreException {
    return engine.restore(bytes, 0, bytes.length, USER, SHAPE);
  }

  private static String part(String place, String text) {
    return "package "
        + place
        + "; public class Part { public String text() { return \""
        + text
        + "\"; } }";
  }

  private Path library(String name, String type, String text) throws Exception {
    Source source = Source.of("Part.java", text);
    JaninoUnit unit = JaninoEngine.create().compile(source, Shape.SCRIPT);
    Path place = folder.resolve(name);
    Path file = place.resolve(type.replace('.', '/') + ".class");
    Files.createDirectories(file.getParent());
    int[] at = unit.bundle().place(type);
    Files.write(file, Arrays.copyOfRange(unit.bundle().array(), at[0], at[0] + at[1]));
    return place;
  }

  private Path part(String text) throws Exception {
    return library(text, "library.Part", part("library", text));
  }

  private static URLClassLoader over(Path... places) throws IOException {
    URL[] urls = new URL[places.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = places[i].toUri().toURL();
    }
    return new URLClassLoader(urls, JaninoEngineTest.class.getClassLoader());
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
  void usesTheCodeWhileWhatItWasCompiledAgainstIsTheSame() throws Exception {
    Path one = part("one");
    Path unrelated = Files.createDirectories(folder.resolve("unrelated"));
    byte[] bytes;
    try (URLClassLoader parent = over(one)) {
      bytes = bytes(JaninoEngine.create().withParent(parent));
    }

    Files.writeString(unrelated.resolve("new.txt"), "changes the class path");
    try (URLClassLoader parent = over(one, unrelated)) {
      assertThat(run(restore(JaninoEngine.create().withParent(parent), bytes), () -> ""))
          .as("another class path, the same classes")
          .isEqualTo("one");
    }
  }

  @Test
  void refusesTheCodeWhenAClassHasChanged() throws Exception {
    byte[] bytes;
    try (URLClassLoader parent = over(part("one"))) {
      bytes = bytes(JaninoEngine.create().withParent(parent));
    }

    try (URLClassLoader parent = over(part("two"))) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JaninoEngine.create().withParent(parent), bytes))
          .withMessageContaining("library.Part has changed");
    }
    try (URLClassLoader parent = over()) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JaninoEngine.create().withParent(parent), bytes))
          .withMessageContaining("library.Part is gone");
    }
  }

  @Test
  void refusesTheCodeWhenANewClassWouldChangeWhatANameMeans() throws Exception {
    Path one = part("one");
    byte[] bytes;
    try (URLClassLoader parent = over(one)) {
      bytes = bytes(JaninoEngine.create().withParent(parent));
    }

    Path first = library("first", "first.Part", part("first", "first"));
    try (URLClassLoader parent = over(one, first)) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JaninoEngine.create().withParent(parent), bytes))
          .withMessageContaining("first.Part is there now");
    }
  }

  @Test
  void looksAtEachClassWhereTheClassPathIsNotKnown() throws Exception {
    ClassLoader strange = new ClassLoader(over(part("one"))) {};
    byte[] bytes = bytes(JaninoEngine.create().withParent(strange));

    assertThat(run(restore(JaninoEngine.create().withParent(strange), bytes), () -> ""))
        .isEqualTo("one");
    ClassLoader changed = new ClassLoader(over(part("two"))) {};
    assertThatExceptionOfType(StaleDependencyException.class)
        .isThrownBy(() -> restore(JaninoEngine.create().withParent(changed), bytes));
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
    JaninoEngine engine = JaninoEngine.create().withParent(made);

    JaninoUnit unit = engine.compile(USER, SHAPE);

    assertThat(run(unit, () -> "")).isEqualTo("one");
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> engine.serialize(unit))
        .withMessageContaining("no file holds");
  }

  @Test
  void compilesAgainstTheClassesThatItRunsWith() throws Exception {
    Source source =
        Source.of(
            "Main.java",
            """
            package library;
            class Part { int text() { return 7; } }
            public class Main { public static Object f() { return new Part().text() + 1; } }
            """);
    try (URLClassLoader parent = over(part("shadowed"))) {
      JaninoEngine engine = JaninoEngine.create().withParent(parent);

      JaninoUnit unit = engine.compile(source, SHAPE);

      assertThat(unit.type("library.Main").getMethod("f").invoke(null)).isEqualTo(8);
    }
  }

  @Test
  void saysWhichFileOfASetIsAtFault() {
    Source set =
        dev.thermae.code.SourceSet.of(
            "set",
            java.util.Map.of("a/A.java", "package a; class A {}", "b/B.java", "package b;\nclass"));

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
      unit = JaninoEngine.create().withParent(parent).compile(USER, SHAPE);
    }
    int[] at = unit.bundle().place(Dependencies.NAME);
    String manifest =
        new String(unit.bundle().array(), at[0], at[1], java.nio.charset.StandardCharsets.UTF_8);

    assertThat(manifest).contains("first.Part", "library.Part").doesNotContain("java.util");
  }
}
