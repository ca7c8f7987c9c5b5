package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.CodeCache;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.Threads;
import groovy.lang.GroovyCodeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.Invocable;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptException;
import javax.script.SimpleBindings;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts are compiled once for all engines and processes, and each engine has its own. */
class ScriptCachingTest {
  private static final String GROOVY = "def f = { it * 2 }; f(n)";

  @TempDir Path folder;
  private final RecordingListener seen = new RecordingListener();
  private final List<CodeCache> open = new ArrayList<>();

  @AfterEach
  void close() {
    ScriptCaching.replace(null);
    open.forEach(CodeCache::close);
    System.clearProperty("thermae.enabled");
    System.clearProperty("thermae.scripts");
    System.clearProperty("thermae.dir");
  }

  /** What a new process would begin with. */
  private CodeCache restart() {
    open.forEach(CodeCache::flush);
    CodeCache cache =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).listener(seen).build();
    open.add(cache);
    ScriptCaching.replace(cache);
    return cache;
  }

  private static ScriptEngineFactory factory(String language) {
    return language.equals("groovy") ? new CachingGroovyFactory() : new CachingRhinoFactory();
  }

  private static ScriptEngine engine(String language) {
    return factory(language).getScriptEngine();
  }

  private static Object eval(String language, String text) throws ScriptException {
    return engine(language).eval(text);
  }

  @ParameterizedTest
  @CsvSource({"groovy, 1 + 1", "rhino, 1 + 1"})
  void oneCompileServesAllEnginesAndProcesses(String language, String text) throws Exception {
    CodeCache first = restart();
    for (int i = 0; i < 3; i++) {
      assertThat(eval(language, text)).hasToString("2");
      assertThat(((Compilable) engine(language)).compile(text).eval()).hasToString("2");
    }
    // Rhino's engine numbers lines from 0 for eval and from 1 for compile.
    assertThat(first.stats().compiles()).isEqualTo(language.equals("groovy") ? 1 : 2);

    CodeCache second = restart();
    assertThat(eval(language, text)).hasToString("2");
    assertThat(second.stats().compiles()).isZero();
    assertThat(second.stats().hot()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"groovy", "rhino"})
  void compilesOnceForManyThreads(String language) throws Exception {
    CodeCache cache = restart();
    String text = "var x = 20; x + 1".replace("var", language.equals("groovy") ? "def" : "var");
    Set<String> results = ConcurrentHashMap.newKeySet();

    Threads.run(64, index -> results.add(String.valueOf(eval(language, text))));

    assertThat(results).hasSize(1);
    assertThat(results.iterator().next()).startsWith("21");
    assertThat(cache.stats().compiles()).isEqualTo(1);
  }

  @Test
  void engineOfManyThreadsCompilesOnce() throws Exception {
    CodeCache cache = restart();
    ScriptEngine engine = engine("groovy");

    Threads.run(
        64,
        index -> {
          SimpleBindings own = new SimpleBindings();
          own.put("n", index);
          assertThat(engine.eval(GROOVY, own)).isEqualTo(2 * index);
        });

    assertThat(cache.stats().compiles()).isEqualTo(1);
  }

  @Test
  void reportsErrorsToAllThreads() throws Exception {
    restart();

    Threads.run(
        16,
        index ->
            assertThatExceptionOfType(ScriptException.class)
                .isThrownBy(() -> eval("groovy", "def ="))
                .withMessageContaining("Script"));
  }

  @Test
  void unitsAreBoundToTheirEngines() throws Exception {
    restart();
    ScriptEngine one = engine("groovy");
    ScriptEngine other = engine("groovy");
    String text = "class Counter { static int n = 0 }; Counter.n++; Counter.n";

    assertThat(one.eval(text)).isEqualTo(1);
    assertThat(one.eval("Counter.n += 5")).isEqualTo(6);
    assertThat(other.eval(text)).isEqualTo(1);
    CompiledScript compiled = ((Compilable) other).compile("getClass().classLoader");
    assertThat(compiled.getEngine()).isSameAs(other);
    assertThat(compiled.eval()).isNotSameAs(one.eval("getClass().classLoader"));
    one.eval("def f() { 'one' }");
    assertThatExceptionOfType(NoSuchMethodException.class)
        .isThrownBy(() -> ((Invocable) other).invokeFunction("f"));
  }

  /** The text is the same, and so are the name and the engine: only what it is compiled against. */
  @Test
  void codeDependsOnTheClassesOfEarlierScripts() throws Exception {
    String use = "@groovy.transform.CompileStatic def f() { new Rate().of(4) }; f()";
    String asInt = "class Rate { int of(int x) { x * 2 } }";
    String asText = "class Rate { String of(int x) { 'x' * x } }";
    restart();
    ScriptEngine ints = engine("groovy");
    ints.eval(asInt);
    assertThat(ints.eval(use)).isEqualTo(8);

    CodeCache second = restart();
    ScriptEngine texts = engine("groovy");
    texts.eval(asText);
    assertThat(texts.eval(use)).isEqualTo("xxxx");
    assertThat(second.stats().compiles()).isEqualTo(2);
    assertThatExceptionOfType(ScriptException.class).isThrownBy(() -> eval("groovy", use));

    CodeCache third = restart();
    ScriptEngine again = engine("groovy");
    again.eval(asInt);
    assertThat(again.eval(use)).isEqualTo(8);
    assertThat(third.stats().compiles()).isZero();
  }

  @Test
  void whatIsPutIntoTheLoaderFromOutsideIsNeverStored() throws Exception {
    for (String body : List.of("'a'", "4")) {
      CodeCache cache = restart();
      ScriptEngine engine = engine("groovy");
      ((GroovyScriptEngineImpl) engine)
          .getClassLoader()
          .parseClass(
              new GroovyCodeSource("class Given { static x() { " + body + " } }", "g", "/g"), true);

      assertThat(engine.eval("Given.x()")).hasToString(body.replace("'", ""));
      assertThat(cache.stats().stored()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"groovy", "rhino"})
  void textsThatBytesCannotHoldAreNotMistaken(String language) throws Exception {
    String code = language.equals("groovy") ? "(int) ('%' as char)" : "'%'.charCodeAt(0)";
    for (int round = 0; round < 2; round++) {
      restart();
      assertThat(eval(language, code.replace("%", "?"))).hasToString("63");
      assertThat(eval(language, code.replace("%", "\uD83D"))).hasToString("55357");
      assertThat(eval(language, code.replace("%", "\uDE00"))).hasToString("56832");
    }
  }

  /** Groovy holds its classes softly, so that only a full heap lets them go. */
  @Test
  void scriptsAreUnloadedWithTheirEngine() throws Exception {
    List<String> options = List.of("-Xmx100m", "-Dthermae.dir=" + folder);
    try (ChildJvm child = ChildJvm.start(UnloadProgram.class, options, Map.of())) {
      int alive = Integer.parseInt(child.finish().get(0));

      // The last one may still be in a register or a stack slot.
      assertThat(alive).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"groovy", "rhino"})
  void switchedOffItHandsOutTheWrappedEngine(String language) throws Exception {
    CodeCache cache = restart();
    ScriptEngine made = engine(language);
    for (String no : List.of("false", "0", "OFF", "no")) {
      System.setProperty("thermae.enabled", no);

      ScriptEngine engine = engine(language);

      assertThat(engine.getClass().getSimpleName())
          .isIn("GroovyScriptEngineImpl", "RhinoScriptEngine");
      if (engine instanceof GroovyScriptEngineImpl) {
        assertThat(((GroovyScriptEngineImpl) engine).getClassLoader().getClass().getName())
            .isEqualTo("groovy.lang.GroovyClassLoader");
      }
      assertThat(factory(language).getNames()).isEmpty();
      assertThat(factory(language).getExtensions()).isEmpty();
      assertThat(factory(language).getMimeTypes()).isEmpty();
      assertThat(engine.eval("3 + 4")).hasToString("7");
      assertThat(made.eval("5 + 4")).as("an engine made before").hasToString("9");
    }
    assertThat(cache.stats().compiles()).isZero();
    System.setProperty("thermae.enabled", "true");
    assertThat(factory(language).getNames()).contains(language);
  }

  @Test
  void takesOverTheLanguagesThatAreAskedFor() {
    System.setProperty("thermae.scripts", "Groovy");
    assertThat(factory("groovy").getNames()).contains("groovy");
    assertThat(factory("rhino").getNames()).isEmpty();
    System.setProperty("thermae.scripts", "groovy, javascript");
    assertThat(factory("rhino").getNames()).contains("rhino", "javascript", "JavaScript", "js");
    System.setProperty("thermae.scripts", "rhino");
    assertThat(factory("rhino").getNames()).as("as the README calls it").contains("rhino");
    assertThat(factory("groovy").getNames()).isEmpty();
  }

  @Test
  void aLanguageThatIsNotKnownIsToldOnce() {
    List<String> told = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("dev.thermae");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            told.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      System.setProperty("thermae.scripts", "groovy, pyhton");
      assertThat(factory("groovy").getNames()).contains("groovy");
      assertThat(factory("rhino").getNames()).isEmpty();
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains("pyhton", "groovy");
  }

  @Test
  void folderThatCannotBeUsedOnlyTurnsTheDiskTierOff() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    System.setProperty("thermae.dir", file.resolve("below").toString());

    for (int i = 0; i < 2; i++) {
      assertThat(eval("groovy", "40 + 2")).isEqualTo(42);
      assertThat(eval("rhino", "40 + 2")).hasToString("42");
    }

    assertThat(ScriptCaching.stats().compiles()).isEqualTo(2);
    assertThat(ScriptCaching.flush()).isTrue();
  }

  @Test
  void damagedCodeIsCompiledAgain() throws Exception {
    restart();
    assertThat(eval("groovy", "6 * 7")).isEqualTo(42);
    open.forEach(CodeCache::flush);
    Set<Path> damaged = new HashSet<>();
    try (var files = Files.walk(folder)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        if (each.toString().endsWith(".c")) {
          byte[] bytes = Files.readAllBytes(each);
          bytes[bytes.length / 2] ^= 1;
          Files.write(each, bytes);
          damaged.add(each);
        }
      }
    }
    CodeCache cache = restart();

    assertThat(damaged).isNotEmpty();
    assertThat(eval("groovy", "6 * 7")).isEqualTo(42);
    assertThat(cache.stats().compiles()).isEqualTo(1);
    assertThat(cache.stats().rejected()).isEqualTo(1);
  }
}
