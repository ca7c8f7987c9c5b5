package dev.thermae.engine.quickjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import io.roastedroot.quickjs4j.core.Builtins;
import io.roastedroot.quickjs4j.core.Engine;
import io.roastedroot.quickjs4j.core.Runner;
import io.roastedroot.quickjs4j.core.ScriptCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** quickjs4j's own API with our cache behind it. */
final class QuickJsCacheTest {
  private static final byte[] CODE = "a".getBytes(StandardCharsets.UTF_8);
  private static final byte[] COMPILED = {1, 2, 3};

  @TempDir Path folder;

  private final Counters counters = new Counters(null);

  private Store open() throws IOException {
    return DiskStore.open(folder.resolve("c"), Seal.checksum(), counters, TimeSource.SYSTEM);
  }

  /** What the script prints. */
  private static String run(ScriptCache cache, String script) {
    try (Engine engine = Engine.builder().withCache(cache).build()) {
      int code = engine.compile(script);
      engine.exec(code);
      engine.free(code);
      return engine.stdout();
    }
  }

  private long attached() {
    return counters.snapshot().attached();
  }

  @Test
  void keepsWhatQuickJsCompiledForTheNextProcess() throws Exception {
    String script = "console.log([1, 2, 3].map(n => n ** 2).join());";
    try (Store store = open()) {
      assertThat(run(QuickJsCache.over(store, counters), script)).isEqualTo("1,4,9\n");
    }
    assertThat(attached()).isEqualTo(1);

    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      assertThat(run(cache, script)).isEqualTo("1,4,9\n");
      assertThat(run(cache, script + " ")).isEqualTo("1,4,9\n");
    }
    assertThat(attached()).as("the other source").isEqualTo(2);
  }

  /** It is the cache's code that runs: here of another source. */
  @Test
  void aHitIsNotCompiled() throws Exception {
    byte[] asked = "console.log('compiled')".getBytes(StandardCharsets.UTF_8);
    byte[] other = "console.log('from the cache')".getBytes(StandardCharsets.UTF_8);
    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      try (Engine engine = Engine.builder().withCache(cache).build()) {
        engine.compileRaw(other);
      }
      cache.set(asked, cache.get(other));
      try (Engine engine = Engine.builder().withCache(cache).build()) {
        engine.exec(engine.compileRaw(asked));
        assertThat(engine.stdout()).isEqualTo("from the cache\n");
      }
    }
  }

  /** Builtins stand before the source, so they are part of what is asked for. */
  @Test
  void runnersWithOtherBuiltinsAreOtherCode() throws Exception {
    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      for (int i = 0; i < 2; i++) {
        assertThat(runner(cache, "one")).isEqualTo("one 41\n");
        assertThat(runner(cache, "two")).isEqualTo("two 41\n");
      }
    }
    assertThat(attached()).isEqualTo(2);
  }

  private static String runner(ScriptCache cache, String name) {
    Builtins builtins = Builtins.builder("host").addVoidToString(name, () -> name + " 41").build();
    Engine engine = Engine.builder().withCache(cache).addBuiltins(builtins).build();
    try (Runner runner = Runner.builder().withEngine(engine).build()) {
      runner.compileAndExec("console.log((host.one ?? host.two)())");
      return runner.stdout();
    }
  }

  @Test
  void whatDoesNotCompileIsNotKept() throws Exception {
    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> run(cache, "var a = ;"))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(attached()).isZero();
  }

  @Test
  void knowsNamespacesAndSourcesApart() throws Exception {
    try (Store store = open()) {
      QuickJsCache.over(store, counters).set(CODE, COMPILED);
    }

    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      assertThat(cache.exists(CODE)).isTrue();
      assertThat(cache.get(CODE)).isEqualTo(COMPILED);
      assertThat(cache.get(CODE)).as("once more").isEqualTo(COMPILED);
      assertThat(cache.exists(COMPILED)).isFalse();
      assertThat(cache.get(COMPILED)).isNull();
      assertThat(cache.namespace("tenant").exists(CODE)).isFalse();
    }
  }

  @Test
  void missesWhatIsDamagedAndReplacesIt() throws Exception {
    try (Store store = open()) {
      QuickJsCache.over(store, counters).set(CODE, COMPILED);
    }
    Path file = file(".c");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 10] ^= 1;
    Files.write(file, bytes);

    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      assertThat(cache.exists(CODE)).isFalse();
      assertThat(counters.snapshot().rejected(Rejection.SEAL)).isEqualTo(1);
      cache.set(CODE, COMPILED);
      assertThat(cache.get(CODE)).isEqualTo(COMPILED);
    }
  }

  private Path file(String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(each -> each.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }

  @Test
  void oneServesEnginesOfSeveralThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Store store = open()) {
      QuickJsCache cache = QuickJsCache.over(store, counters);
      List<Callable<String>> runs =
          IntStream.range(0, 12)
              .mapToObj(i -> (Callable<String>) () -> run(cache, "console.log(" + i % 3 + ")"))
              .toList();
      List<Future<String>> printed = threads.invokeAll(runs);
      for (int i = 0; i < printed.size(); i++) {
        assertThat(printed.get(i).get()).isEqualTo(i % 3 + "\n");
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void worksOverMemoryAndSurvivesAStoreThatIsClosed() throws Exception {
    QuickJsCache memory =
        QuickJsCache.over(new MemoryStore(1 << 20, counters, TimeSource.SYSTEM), counters);
    memory.set(CODE, COMPILED);
    assertThat(memory.get(CODE)).isEqualTo(COMPILED);

    Store store = open();
    store.close();
    assertThat(run(QuickJsCache.over(store, counters), "console.log(1)")).isEqualTo("1\n");
  }
}
