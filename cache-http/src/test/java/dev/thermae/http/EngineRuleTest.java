package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.thermae.Compiled;
import dev.thermae.engine.Engine;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.janino.JaninoEngine;
import dev.thermae.engine.javac.JavaEngine;
import dev.thermae.engine.quickjs.QuickJsEngine;
import dev.thermae.engine.quickjs.QuickJsRuntime;
import dev.thermae.engine.quickjs.QuickJsUnit;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.engine.v8.V8Engine;
import dev.thermae.engine.v8.V8Unit;
import dev.thermae.engine.wasm.WasmEngine;
import dev.thermae.engine.wasm.WasmUnit;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.http.resource.FakeTime;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.Fetched.Outcome;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceRequest;
import dev.thermae.http.testing.PromptServer;
import dev.thermae.policy.CachePolicy;
import groovy.lang.Binding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptableObject;

/**
 * The rule with every engine there is an adapter for: a 304 keeps a script hot, a 200 makes it
 * cold, and the opt-in keeps the code of a 200 with the same bytes.
 */
class EngineRuleTest {
  private static final long MAXIMUM_AGE = 60;

  private static V8Runtime v8;

  private final MockWebServer server = PromptServer.create();
  @TempDir Path folder;
  private FakeTime time;

  /** A new adapter adds its line. */
  static Stream<Adapter<?>> adapters() {
    return Stream.of(
        new Adapter<>(
            RhinoEngine.create(),
            EngineRuleTest::rhino,
            "a.js",
            "var a = 40; a + 2",
            "'fo' + 'ur'"),
        new Adapter<>(
            RhinoEngine.create().withClassFiles(),
            EngineRuleTest::rhino,
            "a.js",
            "var a = 40; a + 2",
            "'fo' + 'ur'"),
        new Adapter<>(
            GroovyEngine.create(),
            unit -> String.valueOf(unit.newScript(new Binding()).run()),
            "a.groovy",
            "def a = 40; a + 2",
            "'fo' + 'ur'"),
        new Adapter<>(
            JavaEngine.create(),
            unit -> java(unit.loader()),
            "A.java",
            java("40 + 2"),
            java("\"four\"")),
        new Adapter<>(
            JaninoEngine.create(),
            unit -> java(unit.loader()),
            "A.java",
            java("40 + 2"),
            java("\"four\"")),
        new Adapter<>(
            QuickJsEngine.create(),
            EngineRuleTest::quickJs,
            "a.js",
            "console.log(40 + 2)",
            "console.log('fo' + 'ur')"),
        new Adapter<>(
            WasmEngine.create(), EngineRuleTest::wasm, "a.wasm", wasm((char) 42), wasm((char) 4)),
        new Adapter<>(
            V8Engine.of(v8), EngineRuleTest::v8, "a.js", "var a = 40; a + 2", "'fo' + 'ur'"));
  }

  /**
   * @param run executes a unit and gives its result
   * @param name of the file
   * @param one gives 42
   * @param other gives four
   */
  private record Adapter<C>(
      Engine<C> engine, Function<C, String> run, String name, String one, String other) {
    @Override
    public String toString() {
      return engine.id();
    }
  }

  private static String rhino(Script script) {
    try (Context context = Context.enter()) {
      ScriptableObject scope = context.initStandardObjects();
      return Context.toString(script.exec(context, scope, scope));
    }
  }

  private static String java(String expression) {
    return "public class A { public static Object run() { return " + expression + "; } }";
  }

  private static String java(ClassLoader loader) {
    try {
      return String.valueOf(loader.loadClass("A").getMethod("run").invoke(null));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no method A.run", e);
    }
  }

  private static String quickJs(QuickJsUnit unit) {
    try (QuickJsRuntime runtime = QuickJsRuntime.create()) {
      runtime.run(unit);
      return runtime.output().strip();
    }
  }

  /** A module whose exported function {@code run} gives a number below 64. */
  private static String wasm(char number) {
    return "\0asm\1\0\0\0" // magic and version
        + "\1\5\1\140\0\1\177" // types: () -> i32
        + "\3\2\1\0" // functions
        + "\7\7\1\3run\0\0" // exports
        + "\n\6\1\4\0A" // code: i32.const
        + number
        + "\13"; // end
  }

  private static String wasm(WasmUnit unit) {
    long result = unit.instance().build().export("run").apply()[0];
    return result == 4 ? "four" : Long.toString(result);
  }

  private static String v8(V8Unit unit) {
    try (V8Value result = unit.run()) {
      return String.valueOf(result);
    } catch (JavetException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  static void openRuntime() throws JavetException {
    v8 = V8Host.getV8Instance().createV8Runtime();
  }

  @AfterAll
  static void closeRuntime() throws JavetException {
    V8Engine.of(v8).closeScripts();
    v8.close();
  }

  @Test
  void noAdapterIsMissing() {
    Set<String> there = new TreeSet<>();
    new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.thermae.engine")
            .stream()
            .filter(type -> type.isAssignableTo(Engine.class) && !type.isInterface())
            .map(JavaClass::getName)
            .forEach(there::add);
    Set<String> tested = new TreeSet<>();
    adapters().forEach(adapter -> tested.add(adapter.engine().getClass().getName()));
    assertThat(tested).isEqualTo(there);
  }

  /** Marks carry the file system's time: our clock is an hour ahead of it. */
  @BeforeEach
  void start() throws IOException {
    time = new FakeTime(Files.getLastModifiedTime(folder).toMillis() + 3_600_000);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(int status, String tag, String body) {
    MockResponse.Builder response =
        new MockResponse.Builder()
            .code(status)
            .addHeader("ETag", tag)
            .addHeader("Cache-Control", "max-age=" + MAXIMUM_AGE);
    server.enqueue((status == 304 ? response : response.body(body)).build());
  }

  @ParameterizedTest
  @MethodSource("adapters")
  <C> void clears(Adapter<C> adapter) throws IOException {
    untilHot(adapter, OnReplace.CLEAR);
    answer(200, "\"2\"", adapter.one());
    step(adapter, OnReplace.CLEAR, "42", Outcome.STORED, Temperature.COLD);
    step(adapter, OnReplace.CLEAR, "42", Outcome.FRESH, Temperature.WARM);
    step(adapter, OnReplace.CLEAR, "42", Outcome.FRESH, Temperature.HOT);
    replaces(adapter, OnReplace.CLEAR);
  }

  @ParameterizedTest
  @MethodSource("adapters")
  <C> void keeps(Adapter<C> adapter) throws IOException {
    OnReplace rule = OnReplace.KEEP_IF_SAME_BYTES;
    untilHot(adapter, rule);
    answer(200, "\"2\"", adapter.one());
    step(adapter, rule, "42", Outcome.KEPT, Temperature.HOT);
    step(adapter, rule, "42", Outcome.FRESH, Temperature.HOT);
    replaces(adapter, rule);
  }

  /** Cold, warm, hot; stale, a 304, and hot all the same; stale again. */
  private <C> void untilHot(Adapter<C> adapter, OnReplace rule) throws IOException {
    answer(200, "\"1\"", adapter.one());
    step(adapter, rule, "42", Outcome.STORED, Temperature.COLD);
    step(adapter, rule, "42", Outcome.FRESH, Temperature.WARM);
    step(adapter, rule, "42", Outcome.FRESH, Temperature.HOT);
    time.advanceSeconds(MAXIMUM_AGE);
    answer(304, "\"1\"", "");
    step(adapter, rule, "42", Outcome.REVALIDATED, Temperature.HOT);
    step(adapter, rule, "42", Outcome.FRESH, Temperature.HOT);
    time.advanceSeconds(MAXIMUM_AGE);
  }

  /** Other bytes are cold under either rule. */
  private <C> void replaces(Adapter<C> adapter, OnReplace rule) throws IOException {
    time.advanceSeconds(MAXIMUM_AGE);
    answer(200, "\"3\"", adapter.other());
    step(adapter, rule, "four", Outcome.STORED, Temperature.COLD);
    step(adapter, rule, "four", Outcome.FRESH, Temperature.WARM);
    step(adapter, rule, "four", Outcome.FRESH, Temperature.HOT);
  }

  /** One load in a process of its own, as far as the caches can tell. */
  private <C> void step(
      Adapter<C> adapter, OnReplace rule, String result, Outcome outcome, Temperature temperature)
      throws IOException {
    try (CodeLoader<C> loader =
        CodeLoader.builder(adapter.engine())
            .directory(folder)
            .time(time)
            .onReplace(rule)
            .policy(CachePolicy.chrome().withMinimumBytes(0))
            .build()) {
      Fetched fetched =
          loader.fetch(ResourceRequest.get(server.url("/" + adapter.name()).toString()));
      Compiled<C> unit = loader.compile(fetched);
      boolean hot = temperature == Temperature.HOT;
      assertThat(fetched.outcome()).as(fetched.why()).isEqualTo(outcome);
      assertThat(unit.temperature()).as(unit.why()).isEqualTo(temperature);
      assertThat(unit.origin()).isEqualTo(hot ? Origin.RESTORED : Origin.COMPILED);
      assertThat(adapter.run().apply(unit.code())).isEqualTo(result);
      unit.ran();
    }
    time.advanceSeconds(1);
  }
}
