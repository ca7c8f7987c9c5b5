package dev.thermae.engine.v8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.reference.V8Module;
import com.caoccao.javet.values.reference.V8ValueFunction;
import com.caoccao.javet.values.reference.V8ValueObject;
import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runtimes are the user's: closed, reset, taken in turns; and what the cache keeps of them. */
final class V8RuntimeTest {
  private static final Source LAZY =
      Source.of(
          "lazy.js",
          "function one(a) { return 'one' + a; }\n"
              + "function two(a) { switch (a) {"
              + " case 1: return [a, a + 1].map(x => x * 2).join();".repeat(40)
              + " } return 'two' + a; }\n1");
  private static final Shape MODULE = Shape.of(Shape.Kind.MODULE, "", 1, true);

  private final Runtimes runtimes = new Runtimes();
  @TempDir Path folder;

  @AfterEach
  void close() {
    runtimes.close();
  }

  private CodeCache cache() {
    return CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build();
  }

  private static boolean isCompiled(V8Runtime runtime, String function) throws JavetException {
    try (V8ValueFunction value = runtime.getGlobalObject().get(function)) {
      return value.isCompiled();
    }
  }

  /** Loads and runs the source as a process of its own would, then calls {@code function}. */
  private Temperature process(String function, String... compiled) throws JavetException {
    V8Runtime runtime = runtimes.fresh();
    try (CodeCache cache = cache()) {
      Compiled<V8Unit> unit = cache.compile(V8Engine.of(runtime), LAZY);
      unit.code().run().close();
      for (String each : compiled) {
        assertThat(isCompiled(runtime, each)).as(each + " came compiled").isTrue();
      }
      runtime.getExecutor(function + "(1)").executeVoid();
      unit.ran();
      return unit.temperature();
    }
  }

  @Test
  void keepsFunctionsThatWereCompiledByRunningAndMoreOfThemLater() throws JavetException {
    assertThat(process("one")).isEqualTo(Temperature.COLD);
    assertThat(process("two", "one")).isEqualTo(Temperature.HOT);
    assertThat(process("one", "one", "two")).as("harvested again").isEqualTo(Temperature.HOT);
  }

  @Test
  void unitsInMemoryBelongToTheirRuntime() throws JavetException {
    V8Runtime one = runtimes.fresh();
    V8Runtime other = runtimes.fresh();
    try (CodeCache cache = cache()) {
      Compiled<V8Unit> first = cache.compile(V8Engine.of(one), LAZY);
      first.ran();
      cache.flush();

      assertThat(cache.compile(V8Engine.of(one), LAZY).code()).isSameAs(first.code());
      Compiled<V8Unit> second = cache.compile(V8Engine.of(other), LAZY);
      assertThat(second.origin()).isEqualTo(Origin.RESTORED);
      assertThat(second.code().runtime()).isSameAs(other);
    }
  }

  @Test
  void aRuntimeThatWasResetBeginsAnew() throws JavetException {
    V8Runtime runtime = runtimes.fresh();
    try (CodeCache cache = cache()) {
      V8Unit before = cache.compile(V8Engine.of(runtime), LAZY).code();
      runtime.resetContext();
      V8Unit after = cache.compile(V8Engine.of(runtime), LAZY).code();

      assertThat(Runtimes.run(after)).isEqualTo("1");
      assertThatIllegalStateException().isThrownBy(before::run).withMessageContaining("reset");
    }
  }

  @Test
  void aClosedRuntimeIsRefused() throws JavetException {
    V8Runtime runtime = runtimes.fresh();
    V8Engine engine = V8Engine.of(runtime);
    try (CodeCache cache = cache()) {
      V8Unit unit = cache.compile(engine, LAZY).code();
      runtime.close();

      assertThatIllegalStateException()
          .isThrownBy(() -> cache.compile(engine, LAZY))
          .withMessageContaining("closed");
      assertThatIllegalStateException().isThrownBy(unit::run).withMessageContaining("closed");
    }
  }

  @Test
  void oneThreadAtATime() throws Exception {
    V8Runtime runtime = runtimes.fresh();
    V8Engine engine = V8Engine.of(runtime);
    V8Unit calling = engine.compile(Source.of("c.js", "callback()"), Shape.SCRIPT);
    V8Unit other = engine.compile(LAZY, Shape.SCRIPT);
    String inside =
        Runtimes.run(
            calling,
            () ->
                elsewhere(() -> engine.compile(LAZY, Shape.SCRIPT))
                    + " / "
                    + elsewhere(other::run)
                    + " / "
                    + elsewhere(() -> engine.serialize(other))
                    + " / "
                    + elsewhere(engine::scope)
                    + " / "
                    + engine.compile(LAZY, Shape.SCRIPT).run());

    String taken = "another thread uses this V8 runtime; they have to take turns";
    assertThat(inside).isEqualTo(taken + " / " + taken + " / " + taken + " / " + taken + " / 1");
    assertThat(elsewhere(() -> Runtimes.run(other))).as("in its turn").isEqualTo("1");
  }

  private static String elsewhere(java.util.concurrent.Callable<Object> work) throws Exception {
    FutureTask<Object> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.start();
    thread.join();
    try {
      return String.valueOf(task.get());
    } catch (ExecutionException e) {
      return e.getCause().getMessage();
    }
  }

  @Test
  void nothingStaysOfUnitsThatAreDropped() throws Exception {
    V8Runtime runtime = runtimes.fresh();
    V8Engine engine = V8Engine.of(runtime);
    V8Unit kept = engine.compile(LAZY, Shape.SCRIPT);
    kept.run().close();
    byte[] bytes = engine.serialize(kept);
    loadAndDrop(engine, bytes, 500);
    long before = used(runtime);
    for (int i = 0; i < 20; i++) {
      loadAndDrop(engine, bytes, 500);
    }

    assertThat(RuntimeHold.of(runtime).scripts()).isLessThan(20);
    assertThat(used(runtime) - before).as("bytes of V8's heap").isLessThan(500_000);
    assertThat(Runtimes.run(kept)).isEqualTo("1");
  }

  private static void loadAndDrop(V8Engine engine, byte[] bytes, int units)
      throws RestoreException {
    for (int i = 0; i < units; i++) {
      Source source = Source.of("unit" + i + ".js", LAZY.text());
      assertThat(engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT)).isNotNull();
    }
    for (int tries = 0; tries < 50 && RuntimeHold.of(engine.runtime()).scripts() > 10; tries++) {
      System.gc();
      Thread.onSpinWait();
      engine.compile(Source.of("turn.js", "1"), Shape.SCRIPT);
    }
  }

  private static long used(V8Runtime runtime) throws Exception {
    runtime.lowMemoryNotification();
    return runtime.getV8HeapStatistics().get().getUsedHeapSize();
  }

  @Test
  void modulesAreRestoredAndImportEachOther() throws Exception {
    Source library = Source.of("lib.mjs", "export function f(a) { return 'f' + a; }");
    Source main = Source.of("main.mjs", "import {f} from 'lib.mjs'; export const got = f(1);");
    for (Temperature expected : new Temperature[] {Temperature.COLD, Temperature.HOT}) {
      V8Engine engine = V8Engine.of(runtimes.fresh());
      try (CodeCache cache = cache()) {
        engine
            .runtime()
            .setV8ModuleResolver(
                (runtime, name, from) ->
                    cache.compile(engine, library, MODULE, null).code().module());
        Compiled<V8Unit> unit = cache.compile(engine, main, MODULE, null);
        unit.code().run().close();

        assertThat(unit.temperature()).isEqualTo(expected);
        V8Module module = unit.code().module();
        try (V8ValueObject namespace = (V8ValueObject) module.getNamespace()) {
          assertThat(namespace.getString("got")).isEqualTo("f1");
        }
        assertThat(cache.unitsInMemory()).as("a module is evaluated once").isZero();
        unit.ran();
      }
    }
  }

  @Test
  void compilesScriptsAndModulesOnly() {
    V8Engine engine = V8Engine.of(runtimes.fresh());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.compile(LAZY, Shape.of(Shape.Kind.FUNCTION, "", 1, false)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.compile(LAZY, Shape.of(Shape.Kind.SCRIPT, "", 1, true)));
  }
}
