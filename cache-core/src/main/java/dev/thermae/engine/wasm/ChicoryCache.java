package dev.thermae.engine.wasm;

import com.dylibso.chicory.compiler.Cache;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.wasm.WasmModule;
import dev.thermae.engine.digest.DigestedCode;
import dev.thermae.event.Counters;
import dev.thermae.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * The cache that Chicory's compiler itself asks for, over a store: for programs that call the
 * compiler, and keep calling it.
 *
 * <pre>{@code
 * CodeCache cache = CodeCache.builder().build();
 * ChicoryCache jars = ChicoryCache.over(cache.store(), cache.counters(), WasmEngine.create());
 * var machines = jars.compiler(module).compile();
 * }</pre>
 *
 * <p>Chicory asks by the digest of the module alone. Here the builds of Chicory and ASM and the
 * options belong to the key as well, and what is stored is sealed: damage, another build or other
 * options are misses. Faults are counted and never thrown. The caller still parses the whole
 * module; {@link WasmEngine} spares that too.
 *
 * <p>Thread-safe.
 */
public final class ChicoryCache implements Cache {
  private final Store store;
  private final Counters counters;
  private final WasmEngine engine;
  private final DigestedCode jars;

  private ChicoryCache(Store store, Counters counters, WasmEngine engine, String namespace) {
    this.store = store;
    this.counters = counters;
    this.engine = engine;
    this.jars = DigestedCode.of("chicory", store, counters, engine, namespace);
  }

  /**
   * A cache over {@code store}, which stays the caller's to close.
   *
   * @param counters where hits are not counted, but what is stored, refused or fails is
   * @param engine how the compiler is set, which Chicory does not say
   */
  public static ChicoryCache over(Store store, Counters counters, WasmEngine engine) {
    return new ChicoryCache(store, counters, engine, "");
  }

  /** The same for a tenant or trust domain, with which no other one shares anything. */
  public ChicoryCache namespace(String name) {
    return new ChicoryCache(store, counters, engine, name);
  }

  /** A compiler that is set as the engine is, and asks this cache. */
  public MachineFactoryCompiler.Builder compiler(WasmModule module) {
    WasmOptions options = engine.options();
    return MachineFactoryCompiler.builder(module)
        .withMaxFunctionsPerClass(options.functionsPerClass())
        .withInterpreterFallback(options.fallback())
        .withInterpretedFunctions(options.interpreted())
        .withCache(this);
  }

  /** The jar for a module's digest; null for none, whatever the reason. */
  @Override
  public byte @Nullable [] get(String key) {
    return jars.find(key);
  }

  /** Keeps the jar for a module's digest, unless there is a good one, or it cannot be kept. */
  @Override
  public void putIfAbsent(String key, byte[] data) {
    jars.keep(key, data);
  }
}
