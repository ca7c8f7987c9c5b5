package dev.thermae.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import java.io.IOException;
import java.io.InputStream;
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

/**
 * What every engine must do that compiles Java against the classes of a parent loader.
 *
 * @param <C> the unit
 */
public abstract class JavaSourceContract<C> extends EngineContract<C> {
  protected static final Shape SHAPE = Shape.SCRIPT.named("Main.java");

  @TempDir protected Path folder;

  /** The same kind of engine for the classes that {@code parent} shows. */
  protected abstract Engine<C> engine(ClassLoader parent);

  /** The unit's own loader. */
  protected abstract ClassLoader loader(C unit);

  /** Uses {@code library.Part}. */
  protected abstract Source user();

  protected static EngineSamples samples(List<Source> working, String small) {
    return new EngineSamples(
        working,
        main("String kept = \"kept\"; return kept;"),
        main("\n throw new IllegalStateException(\"on purpose\");"),
        2,
        main("\n int b = ;"),
        2,
        main("return c.call();"),
        main(small));
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
  protected String run(C unit, Callable<String> callback) {
    try {
      return String.valueOf(
          type(unit, "Main").getMethod("run", Callable.class).invoke(null, callback));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      StackTraceElement at = cause.getStackTrace()[0];
      return cause + " at " + at.getFileName() + ':' + at.getLineNumber();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Class<?> type(C unit, String name) throws ClassNotFoundException {
    return Class.forName(name, false, loader(unit));
  }

  protected final C compile(ClassLoader parent) {
    return engine(parent).compile(user(), SHAPE);
  }

  protected final byte[] bytes(ClassLoader parent) throws RestoreException {
    return engine(parent).serialize(compile(parent));
  }

  protected final C restore(ClassLoader parent, byte[] bytes) throws RestoreException {
    return engine(parent).restore(bytes, 0, bytes.length, user(), SHAPE);
  }

  /** The source of a class {@code Part} that tells {@code text}. */
  protected static Source part(String place, String text) {
    return Source.of(
        "Part.java",
        "package "
            + place
            + "; public class Part { public static final String TEXT = \""
            + text
            + "\"; public String text() { return TEXT; } }");
  }

  /** A folder with {@code library.Part}, named by what that tells. */
  protected final Path part(String text) throws Exception {
    return library(text, "library.Part", part("library", text));
  }

  /** The folder {@code name} with one more class in it. */
  protected final Path library(String name, String type, Source source) throws Exception {
    Path place = folder.resolve(name);
    String path = type.replace('.', '/') + ".class";
    Path file = place.resolve(path);
    Files.createDirectories(file.getParent());
    C unit = engine().compile(source, Shape.SCRIPT);
    try (InputStream bytes = loader(unit).getResourceAsStream(path)) {
      Files.write(file, bytes.readAllBytes());
    }
    return place;
  }

  protected static URLClassLoader over(Path... places) throws IOException {
    URL[] urls = new URL[places.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = places[i].toUri().toURL();
    }
    return new URLClassLoader(urls, JavaSourceContract.class.getClassLoader());
  }

  @Test
  void usesTheCodeWhileWhatItWasCompiledAgainstIsTheSame() throws Exception {
    Path one = part("one");
    Path unrelated = Files.createDirectories(folder.resolve("unrelated"));
    byte[] bytes;
    try (URLClassLoader parent = over(one)) {
      bytes = bytes(parent);
    }

    try (URLClassLoader parent = over(one)) {
      assertThat(run(restore(parent, bytes), () -> "")).isEqualTo("one");
    }
    Files.writeString(unrelated.resolve("new.txt"), "changes the class path");
    try (URLClassLoader parent = over(one, unrelated)) {
      assertThat(run(restore(parent, bytes), () -> ""))
          .as("another class path, the same classes")
          .isEqualTo("one");
    }
  }

  @Test
  void refusesTheCodeWhenAClassHasChanged() throws Exception {
    byte[] bytes;
    try (URLClassLoader parent = over(part("one"))) {
      bytes = bytes(parent);
    }

    try (URLClassLoader parent = over(part("two"))) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(parent, bytes))
          .withMessageContaining("library.Part has changed");
    }
    try (URLClassLoader parent = over()) {
      assertThatExceptionOfType(StaleDependencyException.class)
          .isThrownBy(() -> restore(parent, bytes))
          .withMessageContaining("library.Part is gone");
    }
  }

  /** A constant is told by the compiler, what a method gives by the class that runs. */
  @Test
  void compilesAgainstTheClassesThatItRunsWith() throws Exception {
    Source source =
        Source.of(
            "Main.java",
            """
            public class Main {
              public static Object run(java.util.concurrent.Callable c) {
                return library.Part.TEXT + " and " + new library.Part().text();
              }
            }
            """);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader parent = over(part("parent"));
        URLClassLoader other = over(part("other"))) {
      thread.setContextClassLoader(other);
      Engine<C> engine = engine(parent);

      C unit = engine.compile(source, SHAPE);
      byte[] bytes = engine.serialize(unit);

      assertThat(run(unit, () -> "")).isEqualTo("parent and parent");
      assertThat(run(engine.restore(bytes, 0, bytes.length, source, SHAPE), () -> ""))
          .isEqualTo("parent and parent");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void takesItsOwnClassesBeforeThoseOfTheParent() throws Exception {
    Source shadowed =
        Source.of(
            "Part.java",
            """
            package library;
            public class Part {
              public String text() { return "shadowed"; }
              public static class Inner { public String text() { return "shadowed"; } }
            }
            """);
    library("shadowed", "library.Part", shadowed);
    Path place = library("shadowed", "library.Part$Inner", shadowed);
    Source source =
        SourceSet.of(
            "set",
            Map.of(
                "Part.java",
                """
                package library;
                public class Part {
                  int text() { return 7; }
                  static class Inner { int text() { return 3; } }
                }
                """,
                "Main.java",
                """
                package library;
                import library.Part.Inner;
                public class Main {
                  public static Object f() { return new Part().text() + new Inner().text(); }
                }
                """));
    try (URLClassLoader parent = over(place)) {
      C unit = engine(parent).compile(source, SHAPE);

      assertThat(type(unit, "library.Main").getMethod("f").invoke(null)).isEqualTo(10);
    }
  }
}
