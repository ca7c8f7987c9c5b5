package dev.thermae.engine.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.thermae.code.Rejection;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChicoryCacheTest {
  private static final byte[] JAR = {1, 2, 3};
  private static final String DIGEST = "sha-256:AAAA";

  @TempDir Path folder;

  private final Counters counters = new Counters(null);
  private final WasmEngine engine = WasmEngine.create();

  private Store open() throws IOException {
    return DiskStore.open(folder.resolve("c"), Seal.checksum(), counters, TimeSource.SYSTEM);
  }

  private static WasmModule module() {
    return Parser.parse(WasmModules.large("").bytes());
  }

  private static long run(ChicoryCache cache, WasmModule module) {
    HostFunction callback =
        new HostFunction(
            "env",
            "callback",
            FunctionType.of(List.of(ValType.I32), List.of(ValType.I32)),
            (instance, args) -> args);
    Instance instance =
        Instance.builder(module)
            .withMachineFactory(cache.compiler(module).compile())
            .withImportValues(ImportValues.builder().addFunction(callback).build())
            .build();
    return instance.export("run").apply()[0];
  }

  @Test
  void keepsWhatChicoryCompiledForTheNextProcess() throws Exception {
    long cold;
    try (Store store = open()) {
      cold = run(ChicoryCache.over(store, counters, engine), module());
    }

    try (Store store = open()) {
      ChicoryCache cache = ChicoryCache.over(store, counters, engine);
      assertThat(cache.get(String.valueOf(module().digest()))).isNotNull();
      assertThat(run(cache, module())).isEqualTo(cold).isEqualTo(41);
    }
    assertThat(counters.snapshot().attached()).isEqualTo(1);
  }

  @Test
  void knowsOptionsNamespacesAndModulesApart() throws Exception {
    try (Store store = open()) {
      ChicoryCache.over(store, counters, engine).putIfAbsent(DIGEST, JAR);
    }

    try (Store store = open()) {
      ChicoryCache cache = ChicoryCache.over(store, counters, engine);
      assertThat(cache.get(DIGEST)).isEqualTo(JAR);
      assertThat(cache.get("sha-256:BBBB")).isNull();
      assertThat(cache.namespace("tenant").get(DIGEST)).isNull();
      for (WasmEngine other :
          List.of(
              engine.withFunctionsPerClass(7),
              engine.withInterpreted(Set.of(1)),
              engine.withoutInterpreter())) {
        assertThat(ChicoryCache.over(store, counters, other).get(DIGEST)).isNull();
      }
    }
  }

  @Test
  void keepsTheFirstOfTwo() throws Exception {
    try (Store store = open()) {
      ChicoryCache cache = ChicoryCache.over(store, counters, engine);

      cache.putIfAbsent(DIGEST, JAR);
      cache.putIfAbsent(DIGEST, new byte[] {9});

      assertThat(cache.get(DIGEST)).isEqualTo(JAR);
    }
  }

  @Test
  void missesWhatIsDamagedAndReplacesIt() throws Exception {
    try (Store store = open()) {
      ChicoryCache.over(store, counters, engine).putIfAbsent(DIGEST, JAR);
    }
    Path code = file(".c");
    byte[] bytes = Files.readAllBytes(code);
    bytes[bytes.length - 10] ^= 1;
    Files.write(code, bytes);

    try (Store store = open()) {
      ChicoryCache cache = ChicoryCache.over(store, counters, engine);
      assertThat(cache.get(DIGEST)).isNull();
      CacheStats stats = counters.snapshot();
      assertThat(stats.rejected(Rejection.SEAL)).isEqualTo(1);
      cache.putIfAbsent(DIGEST, JAR);
      assertThat(cache.get(DIGEST)).isEqualTo(JAR);
    }
  }

  private Path file(String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(each -> each.toString().endsWith(end)).findFirst().orElseThrow();
    }
  }

  @Test
  void worksOverMemoryAndSurvivesAStoreThatIsClosed() throws Exception {
    ChicoryCache memory =
        ChicoryCache.over(new MemoryStore(1 << 20, counters, TimeSource.SYSTEM), counters, engine);
    memory.putIfAbsent(DIGEST, JAR);
    assertThat(memory.get(DIGEST)).isEqualTo(JAR);

    Store store = open();
    store.close();
    ChicoryCache closed = ChicoryCache.over(store, counters, engine);
    assertThat(run(closed, module())).isEqualTo(41);
  }
}
