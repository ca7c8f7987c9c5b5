package dev.thermae.engine.javac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.StaleDependencyException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JavaEngineTest extends EngineContract<JavaUnit> {
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

  @TempDir Path folder;

  @Override
  protected Engine<JavaUnit> engine() {
    return JavaEngine.create();
  }

  @Override
  protected Engine<JavaUnit> engineWithOtherOptions() {
    return JavaEngine.create().withOptions(List.of("-parameters"));
  }

  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        JavaFeatures.all(),
        main("String kept = \"kept\"; return kept;"),
        main("\n throw new IllegalStateException(\"on purpose\");"),
        2,
        main("\n int b = ;"),
        2,
        main("return c.call();"),
        main("return 1 + 1;"));
  }

  /** A source whose method {@code run} begins in line 1. */
  private static Source main(String statements) {
    return Source.of(
        "Main.java",
        "public class Main { public static Object run(java.util.concurrent.Callable<String> c)"
            + " throws Exception {"
            + statements
            + "} }");
  }

  @Override
  protected String run(JavaUnit unit, Callable<String> callback) {
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

  private static final Shape SHAPE = Shape.SCRIPT.named("Main.java");

  private static byte[] bytes(JavaEngine engine) {
    return engine.serialize(engine.compile(USER, SHAPE));
  }

  private static JavaUnit restore(JavaEngine engine, byte[] bytes) throws RestoreException {
    return engine.restore(bytes, 0, bytes.length, USER, SHAPE);
  }

  private Path library(String name, String part, String... others) throws Exception {
    Path place = Files.createDirectories(folder.resolve(name));
    JavaEngine engine = JavaEngine.create();
    write(place, engine, Source.of("Part.java", part));
    for (String other : others) {
      write(
          place,
          engine,
          Source.of(other + ".java", "package library; public class " + other + " {}"));
    }
    return place;
  }

  private static void write(Path place, JavaEngine engine, Source source) throws Exception {
    JavaUnit unit = engine.compile(source, Shape.SCRIPT);
    String type = source.name().replace(".java", "");
    int[] at = unit.bundle().place("library." + type);
    Path file = place.resolve("library").resolve(type + ".class");
    Files.createDirectories(file.getParent());
    byte[] all = unit.bundle().array();
    Files.write(file, java.util.Arrays.copyOfRange(all, at[0], at[0] + at[1]));
  }

  private static String part(String text) {
    return "package library; public class Part { public String text() { return \""
        + text
        + "\"; } }";
  }

  private static URLClassLoader over(Path... places) throws IOException {
    URL[] urls = new URL[places.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = places[i].toUri().toURL();
    }
    return new URLClassLoader(urls, JavaEngineTest.class.getClassLoader());
  }

  @Test
  void usesTheCodeWhileWhatItWasCompiledAgainstIsTheSame() throws Exception {
    Path one = library("one", part("one"));
    Path unrelated = Files.createDirectories(folder.resolve("unrelated"));
    byte[] bytes;
    try (URLClassLoader parent = over(one)) {
      bytes = bytes(JavaEngine.create().withParent(parent));
    }

    try (URLClassLoader parent = over(one)) {
      assertThat(run(restore(JavaEngine.create().withParent(parent), bytes), () -> ""))
          .isEqualTo("one");
    }
    Files.writeString(unrelated.resolve("new.txt"), "changes the class path");
    try (URLClassLoader parent = over(one, unrelated)) {
      assertThat(run(restore(JavaEngine.create().withParent(parent), bytes), () -> ""))
          .as("another class path, the same classes")
          .isEqualTo("one");
    }
  }

  @Test
  void refusesTheCodeWhenAClassHasChanged() throws Exception {
    byte[] bytes;
    try (URLClassLoader parent = over(library("one", part("one")))) {
      bytes = bytes(JavaEngine.create().withParent(parent));
    }

    try (URLClassLoader parent = over(library("two", part("two")))) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JavaEngine.create().withParent(parent), bytes))
          .withMessageContaining("library.Part has changed");
    }
    try (URLClassLoader parent = over()) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JavaEngine.create().withParent(parent), bytes))
          .withMessageContaining("library.Part is gone");
    }
  }

  @Test
  void refusesTheCodeWhenANewClassCouldChangeWhatANameMeans() throws Exception {
    byte[] bytes;
    try (URLClassLoader parent = over(library("one", part("one")))) {
      bytes = bytes(JavaEngine.create().withParent(parent));
    }

    try (URLClassLoader parent = over(library("more", part("one"), "More"))) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(JavaEngine.create().withParent(parent), bytes))
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
