package dev.thermae.engine.wasm;

import com.dylibso.chicory.compiler.Cache;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.wasm.WasmModule;
import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Arrays;
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
  private final String namespace;
  private final TimeSource time;
  private volatile @Nullable Fingerprint fingerprint;

  private ChicoryCache(
      Store store, Counters counters, WasmEngine engine, String namespace, TimeSource time) {
    this.store = store;
    this.counters = counters;
    this.engine = engine;
    this.namespace = namespace;
    this.time = time;
  }

  /**
   * A cache over {@code store}, which stays the caller's to close.
   *
   * @param counters where hits are not counted, but what is stored, refused or fails is
   * @param engine how the compiler is set, which Chicory does not say
   */
  public static ChicoryCache over(Store store, Counters counters, WasmEngine engine) {
    return new ChicoryCache(store, counters, engine, "", TimeSource.SYSTEM);
  }

  /** The same for a tenant or trust domain, with which no other one shares anything. */
  public ChicoryCache namespace(String name) {
    return new ChicoryCache(store, counters, engine, name, time);
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
    try {
      CodeKey code = key(key);
      StoredEntry entry = code == null ? null : find(code);
      return entry == null || code == null ? null : open(code, entry);
    } catch (IOException | RuntimeException e) {
      counters.onFault("jar of " + key, e);
      return null;
    }
  }

  /** Keeps the jar for a module's digest, unless there is a good one, or it cannot be kept. */
  @Override
  public void putIfAbsent(String key, byte[] data) {
    try {
      CodeKey code = key(key);
      if (code == null || get(key) != null) {
        return;
      }
      StoredEntry found = find(code);
      StoredEntry entry = found == null ? store(code.source()) : found;
      if (entry != null) {
        EntryHead head = entry.head();
        byte[] sealed = code.seal(store.seal(), head.keyHash(), head.generation(), data);
        entry.attach(StoredEntry.slot(code), sealed);
        counters.onAttached(head.key(), sealed.length);
      }
    } catch (IOException | RuntimeException e) {
      counters.onFault("jar of " + key, e);
    }
  }

  /** The digest stands for the module; null where the builds cannot be told. */
  private @Nullable CodeKey key(String digest) throws IOException {
    Fingerprint known = fingerprint;
    if (known == null) {
      String told = EngineFingerprint.recordedUnder(engine);
      if (told == null) {
        return null;
      }
      known = store.fingerprint(told);
      if (known == null) {
        known = EngineFingerprint.compute(engine);
        store.record(told, engine.id(), known);
      }
      fingerprint = known;
    }
    return new CodeKey(namespace, Source.of(digest, digest), Shape.SCRIPT, known);
  }

  private String name(Source digest) {
    return "chicory " + namespace + '\n' + digest.name();
  }

  private @Nullable StoredEntry find(CodeKey key) {
    StoredEntry entry = store.find(name(key.source()), null);
    return entry != null && entry.holds(key.source().bytes()) ? entry : null;
  }

  private byte @Nullable [] open(CodeKey key, StoredEntry entry) throws IOException {
    byte[] sealed = entry.code(StoredEntry.slot(key));
    if (sealed == null) {
      return null;
    }
    EntryHead head = entry.head();
    SealedFile file = key.open(sealed, store.seal(), head.keyHash(), head.generation());
    if (file.rejection() != null) {
      counters.onRejected("jar of " + key.source().name(), file.rejection(), file.detail());
      return null;
    }
    int start = file.start(CodeKey.PAYLOAD);
    return Arrays.copyOfRange(file.bytes(), start, start + file.length(CodeKey.PAYLOAD));
  }

  private @Nullable StoredEntry store(Source digest) throws IOException {
    String name = name(digest);
    try (NewBody body = store.newBody(name)) {
      body.write(digest.bytes());
      return store.put(EntryHead.ofSource(name, digest, time.millis()), body);
    }
  }
}
