package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.event.CacheStats;
import dev.thermae.testing.ChildJvm;
import groovy.lang.Binding;
import groovy.util.GroovyScriptEngine;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that use each other are compiled once, and again when one of their files changes. */
class CachingGroovyScriptEngineTest {
  @TempDir Path folder;
  private Path files;
  private int writes;

  @BeforeEach
  void makeFolder() throws Exception {
    files = Files.createDirectories(folder.resolve("files"));
    writes = 0;
  }

  /** What a program does with the engine; the clock is that of files that are written. */
  interface Use {
    void run(CachingGroovyScriptEngineTest test, GroovyScriptEngine engine, Notes notes)
        throws Exception;
  }

  record Call(String name, Use use) {
    @Override
    public String toString() {
      return name;
    }
  }

  void write(String name, String text) throws Exception {
    Path file = files.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 5_000L * writes++));
  }

  private static boolean keeps(GroovyScriptEngine engine, String name) throws Exception {
    Class<?> first = engine.loadScriptByName(name);
    return first == engine.loadScriptByName(name);
  }

  static Object run(GroovyScriptEngine engine, String name) throws Exception {
    return engine.run(name, new Binding());
  }

  static Stream<Call> calls() {
    List<Call> calls = new ArrayList<>();
    calls.add(
        new Call(
            "a script and what it uses",
            (test, engine, notes) -> {
              test.write("p/B.groovy", "package p; class B { def x() { new C().y() + 1 } }");
              test.write("p/C.groovy", "package p; class C { def y() { 1 } }");
              test.write("A.groovy", "new p.B().x()");
              test.write("D.groovy", "[new p.B().x(), new p.C().y(), getClass().name]");
              notes.of(() -> run(engine, "A.groovy"));
              notes.of(() -> run(engine, "D.groovy"));
              notes.value(keeps(engine, "p/B.groovy"));
              test.write("p/C.groovy", "package p; class C { def y() { 2 } }");
              notes.of(() -> run(engine, "A.groovy"));
              notes.of(() -> run(engine, "D.groovy"));
              test.write("A.groovy", "new p.C().y() * 10");
              notes.of(() -> run(engine, "A.groovy"));
              notes.value(keeps(engine, "A.groovy"));
              test.write("p/C.groovy", "package p; class C { def y() { 3 } }");
              notes.of(() -> run(engine, "D.groovy"));
              notes.of(() -> run(engine, "A.groovy"));
            }));
    calls.add(
        new Call(
            "classes are shared by scripts",
            (test, engine, notes) -> {
              test.write("Kept.groovy", "class Kept { static int n }");
              test.write("One.groovy", "Kept.n += 1; Kept.n");
              test.write("Two.groovy", "Kept.n += 10; Kept.n");
              notes.of(() -> run(engine, "One.groovy"));
              notes.of(() -> run(engine, "Two.groovy"));
              notes.of(() -> run(engine, "One.groovy"));
              notes.value(
                  engine.getGroovyClassLoader().loadClass("Kept")
                      == engine.loadScriptByName("Kept.groovy"));
            }));
    calls.add(
        new Call(
            "scripts that use each other",
            (test, engine, notes) -> {
              test.write("X.groovy", "class X { static x(n) { n ? Y.y(n - 1) : 'x' } }");
              test.write("Y.groovy", "class Y { static y(n) { n ? X.x(n - 1) : 'y' } }");
              test.write("Main.groovy", "X.x(3)");
              notes.of(() -> run(engine, "Main.groovy"));
              test.write("Y.groovy", "class Y { static y(n) { n ? X.x(n - 1) : 'z' } }");
              notes.of(() -> run(engine, "Main.groovy"));
            }));
    calls.add(
        new Call(
            "a class that appears and goes",
            (test, engine, notes) -> {
              test.write("Main.groovy", "new Late().x()");
              notes.of(() -> run(engine, "Main.groovy"));
              test.write("Late.groovy", "class Late { def x() { 1 } }");
              notes.of(() -> run(engine, "Main.groovy"));
              test.write("Late.groovy", "class Late { def x( }");
              notes.of(() -> run(engine, "Main.groovy"));
              test.write("Late.groovy", "class Late { def x() { 2 } }");
              notes.of(() -> run(engine, "Main.groovy"));
              notes.of(() -> run(engine, "Nowhere.groovy"));
            }));
    calls.add(
        new Call(
            "a supertype that changes",
            (test, engine, notes) -> {
              test.write("Base.groovy", "abstract class Base extends Script { def own() { 'a' } }");
              test.write("Main.groovy", "@groovy.transform.BaseScript Base b\nown()");
              notes.of(() -> run(engine, "Main.groovy"));
              test.write("Base.groovy", "abstract class Base extends Script { def own() { 'b' } }");
              notes.of(() -> run(engine, "Main.groovy"));
            }));
    return calls.stream();
  }

  private URL[] roots() throws Exception {
    return new URL[] {files.toUri().toURL()};
  }

  private String notes(Call call, GroovyScriptEngine engine) throws Exception {
    CachingGroovyClassLoaderTest.clear(files);
    writes = 0;
    engine.getConfig().setMinimumRecompilationInterval(0);
    Notes notes = new Notes();
    call.use().run(this, engine, notes);
    return notes.text();
  }

  private GroovyScriptEngine caching(CodeCache cache) throws Exception {
    return new CachingGroovyScriptEngine(cache, roots(), getClass().getClassLoader());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void behavesAsGroovysOwn(Call call) throws Exception {
    String expected = notes(call, new GroovyScriptEngine(roots(), getClass().getClassLoader()));

    for (String state : List.of("cold", "warm", "hot")) {
      CacheStats stats;
      try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
        assertThat(notes(call, caching(cache))).as(state).isEqualTo(expected);
        assertThat(cache.flush()).isTrue();
        stats = cache.stats();
      }
      assertThat(stats.faults()).as("faults").isZero();
      if (state.equals("hot")) {
        assertThat(stats.compiles()).as("compiles of a later process").isZero();
      }
    }
  }

  private String restart(String expected) throws Exception {
    try (ChildJvm child = ChildJvm.start(GroovyEngineProgram.class, folder.toString())) {
      List<String> said = child.finish();
      assertThat(said.get(0)).isEqualTo(expected);
      return said.get(1);
    }
  }

  @Test
  void aRestartCompilesWhatHasChangedAndWhatUsesIt() throws Exception {
    write("Main.groovy", "new Other().x() + ' ' + new Apart().x()");
    write("Other.groovy", "class Other { def x() { new Third().y() } }");
    write("Third.groovy", "class Third { def y() { 'one' } }");
    write("Apart.groovy", "class Apart { def x() { 'apart' } }");
    write("Alone.groovy", "'alone'");

    assertThat(restart("one apart alone")).isEqualTo("Alone.groovy Main.groovy");
    assertThat(restart("one apart alone")).isEmpty();
    write("Third.groovy", "class Third { def y() { 'two' } }");
    assertThat(restart("two apart alone")).isEqualTo("Main.groovy");
    assertThat(restart("two apart alone")).isEmpty();
    write("Alone.groovy", "'changed'");
    assertThat(restart("two apart changed")).isEqualTo("Alone.groovy");
    assertThat(restart("two apart changed")).isEmpty();
  }

  @Test
  void filesThatAreOnlyTouchedAreNotCompiledAgain() throws Exception {
    write("Main.groovy", "new Other().x()");
    write("Other.groovy", "class Other { def x() { 5 } }");
    try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
      GroovyScriptEngine engine = caching(cache);
      engine.getConfig().setMinimumRecompilationInterval(0);
      assertThat(run(engine, "Main.groovy")).isEqualTo(5);
      Class<?> first = engine.loadScriptByName("Main.groovy");
      write("Other.groovy", "class Other { def x() { 5 } }");

      assertThat(run(engine, "Main.groovy")).isEqualTo(5);
      assertThat(engine.loadScriptByName("Main.groovy")).isNotSameAs(first);
      assertThat(cache.stats().compiles()).isEqualTo(1);
    }
  }

  @Test
  void aConfigurationThatChangesIsFollowed() throws Exception {
    write("Main.groovy", "Duration.ZERO");
    for (int i = 0; i < 2; i++) {
      try (CodeCache cache = CachingGroovyClassLoaderTest.cache(folder.resolve("cache"))) {
        GroovyScriptEngine engine = caching(cache);
        ImportCustomizer imports = new ImportCustomizer().addStarImports("java.time");
        if (i == 0) {
          engine.getConfig().addCompilationCustomizers(imports);
        } else {
          CompilerConfiguration other = new CompilerConfiguration();
          other.addCompilationCustomizers(imports);
          engine.setConfig(other);
        }

        assertThat(run(engine, "Main.groovy")).hasToString("PT0S");
        assertThat(cache.stats().rejected(Rejection.DEPENDENCY)).isEqualTo(1);
        assertThat(cache.stats().stored()).isZero();
      }
    }
  }
}
