package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.event.CacheStats;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.Threads;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.Phases;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.codehaus.groovy.runtime.InvokerHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a program does with the loader, it sees what it would see of Groovy's own. */
class CachingGroovyClassLoaderTest {
  /** Looks at the class path once for all of them. */
  private static final GroovyEngine ENGINE = GroovyEngine.create();

  @TempDir Path folder;

  static Stream<GroovyLoaderCall> calls() {
    return GroovyLoaderCalls.all().stream();
  }

  static CodeCache cache(Path place) {
    return CodeCache.builder().directory(place).policy(CachePolicy.eager()).build();
  }

  static void clear(Path files) throws IOException {
    if (Files.exists(files)) {
      try (Stream<Path> all = Files.walk(files)) {
        all.sorted(Comparator.reverseOrder())
            .forEach(
                each -> {
                  try {
                    Files.delete(each);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
      }
    }
    Files.createDirectories(files);
  }

  static String notes(GroovyLoaderCall call, GroovyClassLoader loader, Path files)
      throws Exception {
    clear(files);
    Notes notes = new Notes();
    try (GroovyClassLoader closed = loader) {
      call.body().run(closed, files, notes);
    }
    return notes.text();
  }

  private CacheStats runs(GroovyLoaderCall call, String expected, String state) throws Exception {
    Path files = folder.resolve("files");
    try (CodeCache cache = cache(folder.resolve("cache"))) {
      for (String which : List.of("", ", another loader")) {
        assertThat(notes(call, new CachingGroovyClassLoader(cache, ENGINE), files))
            .as(state + which)
            .isEqualTo(expected);
      }
      assertThat(cache.flush()).isTrue();
      return cache.stats();
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void behavesAsGroovysOwn(GroovyLoaderCall call) throws Exception {
    String expected = notes(call, new GroovyClassLoader(), folder.resolve("files"));

    CacheStats cold = runs(call, expected, "cold");
    CacheStats warm = runs(call, expected, "warm");
    CacheStats hot = runs(call, expected, "hot");

    assertThat(cold.faults() + warm.faults() + hot.faults()).as("faults").isZero();
    if (call.kept()) {
      assertThat(cold.rejected(Rejection.DEPENDENCY)).as("left to Groovy").isZero();
      assertThat(hot.compiles()).as("compiles of a later process").isZero();
    } else {
      assertThat(hot.rejected(Rejection.DEPENDENCY)).as("left to Groovy").isPositive();
    }
  }

  /** Another loader of another process, over the same files. */
  private Object loads(String use, List<String> compiled) throws Exception {
    RecordingListener seen = new RecordingListener();
    try (CodeCache cache =
            CodeCache.builder()
                .directory(folder.resolve("cache"))
                .policy(CachePolicy.eager())
                .listener(seen)
                .build();
        GroovyClassLoader loader = new CachingGroovyClassLoader(cache, ENGINE)) {
      loader.addClasspath(folder.resolve("files").toString());
      Script script =
          InvokerHelper.createScript(loader.parseClass(use, "use.groovy"), new Binding());
      Object result = script.run();
      compiled.add(cache.stats().compiles() + " " + cache.stats().rejected(Rejection.DEPENDENCY));
      return result;
    }
  }

  @Test
  void aChangedDependencyIsAMiss() throws Exception {
    Path files = folder.resolve("files");
    String use = "@groovy.transform.CompileStatic def f() { new Rate().of(4) }\nf()";
    String asInt = "class Rate extends Base { int of(int x) { x * factor() } }";
    String asText = "class Rate extends Base { String of(int x) { 'x' * x } }";
    GroovyLoaderCalls.write(files, "Base.groovy", "class Base { int factor() { 2 } }");
    GroovyLoaderCalls.write(files, "Rate.groovy", asInt);
    List<String> told = new ArrayList<>();

    assertThat(loads(use, told)).isEqualTo(8);
    assertThat(loads(use, told)).isEqualTo(8);
    GroovyLoaderCalls.write(files, "Rate.groovy", asText);
    assertThat(loads(use, told)).isEqualTo("xxxx");
    assertThat(loads(use, told)).isEqualTo("xxxx");
    GroovyLoaderCalls.write(files, "Rate.groovy", asInt);
    GroovyLoaderCalls.write(files, "Base.groovy", "class Base { int factor() { 3 } }");
    assertThat(loads(use, told)).isEqualTo(12);
    assertThat(loads(use, told)).isEqualTo(12);

    assertThat(told).containsExactly("1 0", "0 0", "1 1", "0 1", "1 1", "0 1");
  }

  /** What a name means can change without a change to any file that was there. */
  @Test
  void aSourceThatAppearsIsAMiss() throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    String use =
        "import p.*\nclass Holder { Object date = new Date() }\nnew Holder().date.class.name";
    List<String> told = new ArrayList<>();
    assertThat(loads(use, told)).isEqualTo("java.util.Date");
    assertThat(loads(use, told)).isEqualTo("java.util.Date");

    GroovyLoaderCalls.write(files, "p/Date.groovy", "package p; class Date {}");

    assertThat(loads(use, told)).isEqualTo("p.Date");
    Files.delete(files.resolve("p/Date.groovy"));
    assertThat(loads(use, told)).isEqualTo("java.util.Date");
    assertThat(told).containsExactly("1 0", "0 0", "1 1", "0 0");
  }

  @Test
  void jarsOfTheLoaderArePartOfTheKey() throws Exception {
    List<String> told = new ArrayList<>();
    for (String body : List.of("int of(int x) { x }", "String of(int x) { 'x' }")) {
      Path jar = jar(body.substring(0, 3) + ".jar", "class Rate { " + body + " }");
      Object first = loadsWithJar(jar, told);

      assertThat(loadsWithJar(jar, told)).isEqualTo(first);
      assertThat(first).isEqualTo(body.startsWith("int") ? 4 : "x");
    }
    assertThat(told).containsExactly("1 0", "0 0", "1 0", "0 0");
  }

  /** Groovy's compiler would be shown the classes of the jar that was there before. */
  @Test
  void jarsThatWereReplacedUnderTheProcessAreLeftToGroovy() throws Exception {
    List<String> told = new ArrayList<>();
    Path jar = jar("rate.jar", "class Rate { int of(int x) { x } }");
    assertThat(loadsWithJar(jar, told)).isEqualTo(4);
    jar("rate.jar", "class Rate { String of(int x) { 'x' } }");

    assertThatExceptionOfType(NoSuchMethodError.class).isThrownBy(() -> loadsWithJar(jar, told));
    assertThat(told).containsExactly("1 0", "0 1");
  }

  private Path jar(String name, String text) throws IOException {
    CompilationUnit unit = new CompilationUnit();
    unit.addSource("Rate.groovy", text);
    unit.compile(Phases.CLASS_GENERATION);
    Path file = folder.resolve(name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("Rate.class"));
      jar.write(unit.getClasses().get(0).getBytes());
    }
    return file;
  }

  private Object loadsWithJar(Path jar, List<String> told) throws Exception {
    String use = "@groovy.transform.CompileStatic def f() { new Rate().of(4) }\nf()";
    try (CodeCache cache = cache(folder.resolve("cache"));
        GroovyClassLoader loader = new CachingGroovyClassLoader(cache, ENGINE)) {
      loader.addClasspath(jar.toString());
      Class<?> type = loader.parseClass(use, "use.groovy");
      told.add(cache.stats().compiles() + " " + cache.stats().rejected(Rejection.DEPENDENCY));
      return InvokerHelper.createScript(type, new Binding()).run();
    }
  }

  @Test
  void customizersAreLeftToGroovyUnlessTheyAreNamed() throws Exception {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.addCompilationCustomizers(new ImportCustomizer().addStarImports("java.time"));
    GroovyEngine engine = GroovyEngine.create().withConfiguration(configuration);
    for (int i = 0; i < 2; i++) {
      for (boolean named : new boolean[] {false, true}) {
        GroovyEngine each = named ? engine.identifiedBy("imports 1") : engine;
        try (CodeCache cache = cache(folder.resolve("cache"));
            GroovyClassLoader loader = new CachingGroovyClassLoader(cache, each)) {
          Class<?> type = loader.parseClass("Duration.ZERO", "duration.groovy");

          assertThat(InvokerHelper.createScript(type, new Binding()).run())
              .isEqualTo(Duration.ZERO);
          assertThat(cache.stats().rejected(Rejection.DEPENDENCY)).isEqualTo(named ? 0 : 1);
          assertThat(cache.stats().hot()).isEqualTo(named ? i : 0);
        }
      }
    }
  }

  @Test
  void manyThreadsOfManyLoadersCompileOnce() throws Exception {
    try (CodeCache cache = cache(folder.resolve("cache"))) {
      Threads.run(
          16,
          index -> {
            try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, ENGINE)) {
              Class<?> type = loader.parseClass("class In { def x = 3 }; new In().x", "t.groovy");
              assertThat(InvokerHelper.createScript(type, new Binding()).run()).isEqualTo(3);
            }
          });
      assertThat(cache.stats().compiles()).isEqualTo(1);
      assertThat(cache.stats().faults()).isZero();
    }
  }

  /** Groovy holds its classes softly, so that only a full heap lets them go. */
  @Test
  void loadersAreUnloadedWhileTheCacheLivesOn() throws Exception {
    for (String kind : List.of("loader", "engine")) {
      try (ChildJvm child =
          ChildJvm.start(
              GroovyUnloadProgram.class, List.of("-Xmx100m"), Map.of(), kind, folder.toString())) {
        // The last one may still be in a register or a stack slot.
        assertThat(Integer.parseInt(child.finish().get(0))).as(kind).isLessThanOrEqualTo(1);
      }
    }
  }

  /** Closing a loader has Groovy forget its classes, those from the cache as well. */
  @Test
  void classesOfAClosedLoaderAreUnloadedByAnyCollection() throws Exception {
    try (CodeCache cache = cache(folder.resolve("cache"))) {
      for (String state : List.of("compiled", "found")) {
        WeakReference<ClassLoader> unit = runAndClose(cache);
        for (int i = 0; i < 50 && unit.get() != null; i++) {
          System.gc();
        }
        assertThat(unit.get()).as(state).isNull();
      }
    }
  }

  private static WeakReference<ClassLoader> runAndClose(CodeCache cache) throws IOException {
    try (GroovyClassLoader loader = new CachingGroovyClassLoader(cache, ENGINE)) {
      Class<?> type = loader.parseClass("class In { def x = 3 }; def f = { new In().x }; f()");
      assertThat(InvokerHelper.createScript(type, new Binding()).run()).isEqualTo(3);
      return new WeakReference<>(type.getClassLoader());
    }
  }

  @Test
  void anotherProcessFindsAllOfIt() throws Exception {
    List<String> expected = new ArrayList<>();
    for (GroovyLoaderCall call : GroovyLoaderCalls.all()) {
      if (call.kept()) {
        String notes = notes(call, new GroovyClassLoader(), folder.resolve("files"));
        expected.add(GroovyLoaderProgram.line(call, notes));
      }
    }
    String[] lines = expected.toArray(new String[0]);

    assertThat(says(folder.toString())).startsWith(lines).doesNotContain("0");
    assertThat(says(folder.toString())).startsWith(lines).endsWith("0");
  }

  private static List<String> says(String... arguments) throws Exception {
    try (ChildJvm child = ChildJvm.start(GroovyLoaderProgram.class, arguments)) {
      return child.finish();
    }
  }
}
