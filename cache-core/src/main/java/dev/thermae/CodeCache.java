package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Counters;
import dev.thermae.event.Origin;
import dev.thermae.event.TimeSource;
import dev.thermae.isolate.IsolateCache;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiled code in two tiers: units in memory, and serialized code attached to what it was compiled
 * from. Thread-safe.
 *
 * <pre>{@code
 * RhinoEngine engine = RhinoEngine.create();
 * try (CodeCache cache = CodeCache.builder().build()) {
 *   Compiled<Script> unit = cache.compile(engine, Source.of("a.js", text));
 *   unit.code().exec(context, scope, scope);
 * }
 * }</pre>
 *
 * <p>Any fault in any tier ends in a compile and a counted reason; only a {@link
 * dev.thermae.engine.CompileException} reaches the caller.
 */
public final class CodeCache implements AutoCloseable {
  private static final long SETTLE_AFTER_NANOS = 1_000_000_000L;
  private static final int MAXIMUM_ENGINES = 256;

  private final String namespace;
  private final Store store;
  private final Counters counters;
  private final TimeSource time;
  private final CachePolicy policy;
  private final Map<String, CachePolicy> policies;
  private final IsolateCache<Compiled<?>> isolate;
  private volatile @Nullable Background background;
  private volatile @Nullable Keeper keeper;
  private volatile @Nullable Engine<?> firstEngine;
  private volatile Fingerprint firstFingerprint = Fingerprint.NONE;
  private volatile @Nullable ConcurrentHashMap<Engine<?>, Fingerprint> otherFingerprints;
  private volatile long firstAnswer;
  private volatile boolean settling;
  private boolean closed;

  CodeCache(CodeCacheBuilder builder, Store store, Counters counters) {
    this.namespace = builder.namespace;
    this.store = store;
    this.counters = counters;
    this.time = builder.time;
    this.policy = builder.policy;
    this.policies = builder.policies;
    this.isolate = new IsolateCache<>(builder.memoryBytes, builder.errorMillis);
  }

  /** Starts with the defaults: the default folder, Chrome's policy, 64 MiB of memory. */
  public static CodeCacheBuilder builder() {
    return new CodeCacheBuilder();
  }

  /**
   * Compiles {@code source} as a script, or finds it compiled.
   *
   * @throws dev.thermae.engine.CompileException when the source is at fault
   */
  public <C> Compiled<C> compile(Engine<C> engine, Source source) {
    return compile(engine, source, Shape.SCRIPT, null);
  }

  /**
   * Compiles {@code source} in {@code shape}, or finds it compiled, its code attached to {@code
   * entry}; where that is null, to the source's own bytes.
   *
   * @param entry the stored response whose body, once decoded, is the source
   * @throws dev.thermae.engine.CompileException when the source is at fault
   */
  public <C> Compiled<C> compile(
      Engine<C> engine, Source source, Shape shape, @Nullable StoredEntry entry) {
    return compile(engine, source, shape, entry, true);
  }

  /**
   * Compiles {@code source} in {@code shape}, or finds it compiled; neither source nor code leaves
   * memory, as a response that must not be stored asks for.
   *
   * @throws dev.thermae.engine.CompileException when the source is at fault
   */
  public <C> Compiled<C> compileInMemory(Engine<C> engine, Source source, Shape shape) {
    return compile(engine, source, shape, null, false);
  }

  private <C> Compiled<C> compile(
      Engine<C> engine, Source source, Shape shape, @Nullable StoredEntry entry, boolean keeps) {
    Fingerprint fingerprint = fingerprint(engine);
    Fingerprint stored = keeps && !fingerprint.parts().isEmpty() ? fingerprint : null;
    CodeKey code = new CodeKey(namespace, source, shape, fingerprint);
    Object scope = engine.scope();
    Object key = scope == null ? code : IsolateCache.scoped(code, scope);
    Compiled<?> found = isolate.find(key);
    if (found == null) {
      Walk<C> walk = new Walk<>(this, engine, source, shape, stored, entry);
      found = isolate.get(key, walk);
      if (firstAnswer == 0) {
        firstAnswer = time.nanos() | 1;
      }
      if (found == walk.made()) {
        settle();
        return this.<C>cast(found);
      }
    }
    return again(this.<C>cast(found), engine, source, shape, stored, entry);
  }

  @SuppressWarnings("unchecked") // a key holds the engine's fingerprint, and so its type of unit
  private <C> Compiled<C> cast(Compiled<?> unit) {
    return (Compiled<C>) unit;
  }

  /** A hit in memory: counted, and now and then a reason to attach what only memory holds. */
  private <C> Compiled<C> again(
      Compiled<C> unit,
      Engine<C> engine,
      Source source,
      Shape shape,
      @Nullable Fingerprint stored,
      @Nullable StoredEntry entry) {
    Resident<C> resident = unit.resident();
    counters.onUnit(source.name(), unit.temperature(), Origin.MEMORY, 0, 0);
    Generation generation = entry == null ? null : entry.head().generation();
    if (stored != null && resident.isDue(generation, policy(engine).fetches())) {
      Walk<C> look = new Walk<>(this, engine, source, shape, stored, entry);
      background(Chores.promotion(unit, look));
    }
    settle();
    return resident.again();
  }

  /** Moves the units to the bounded cache: a second after the first answer, or when they crowd. */
  private void settle() {
    if (settling || isolate.isSettled()) {
      return;
    }
    boolean due = firstAnswer != 0 && time.nanos() - firstAnswer > SETTLE_AFTER_NANOS;
    if (!due && !isolate.isCrowded()) {
      return;
    }
    firstAnswer = time.nanos() | 1;
    settling = true;
    if (!background(Chores.settling(this))) {
      settling = false;
    }
  }

  /** The fingerprint of an engine; without parts when its code cannot leave memory. */
  private Fingerprint fingerprint(Engine<?> engine) {
    if (engine.equals(firstEngine)) {
      return firstFingerprint;
    }
    Fingerprint known = otherFingerprints == null ? null : otherFingerprints.get(engine);
    return known == null ? learn(engine) : known;
  }

  private synchronized Fingerprint learn(Engine<?> engine) {
    if (engine.equals(firstEngine)) {
      return firstFingerprint;
    }
    Fingerprint fingerprint = identify(engine);
    if (fingerprint == null) {
      fingerprint = Fingerprint.recorded(Fingerprint.digest(Generation.random().toString()), "");
    }
    if (firstEngine == null) {
      firstFingerprint = fingerprint;
      firstEngine = engine;
    } else {
      if (otherFingerprints == null) {
        otherFingerprints = new ConcurrentHashMap<>();
      } else if (otherFingerprints.size() >= MAXIMUM_ENGINES) {
        otherFingerprints.clear();
      }
      otherFingerprints.put(engine, fingerprint);
    }
    return fingerprint;
  }

  /** What the engine's code depends on; null when it cannot be told. */
  private @Nullable Fingerprint identify(Engine<?> engine) {
    try {
      String told = engine.surroundings();
      if (told == null) {
        return null;
      }
      String surroundings = engine.id() + '\n' + told;
      Fingerprint recorded = recorded(surroundings);
      if (recorded == null) {
        Map<String, String> parts = new HashMap<>(engine.fingerprintParts());
        parts.put("engine", engine.id());
        recorded = Fingerprint.compute(parts);
        background(Chores.recording(store, surroundings, engine.id(), recorded));
      }
      return recorded;
    } catch (RuntimeException | LinkageError e) {
      counters.onFault("fingerprint of " + engine.id(), e);
      return null;
    }
  }

  private @Nullable Fingerprint recorded(String surroundings) {
    try {
      return store.fingerprint(surroundings);
    } catch (RuntimeException e) {
      counters.onFault("fingerprint record", e);
      return null;
    }
  }

  /** Builds the bounded memory tier; when that fails, a later hit tries again. */
  void settleNow() {
    try {
      isolate.settle(Compiled::weight);
    } finally {
      settling = false;
    }
  }

  /** The policy for an engine's units. */
  CachePolicy policy(Engine<?> engine) {
    CachePolicy own = policies.isEmpty() ? null : policies.get(engine.id());
    return own == null ? policy : own;
  }

  /** Queues work that nobody waits for, or drops it; what it takes is built at first need. */
  boolean background(Background.Task task) {
    Background known = background;
    if (known == null) {
      synchronized (this) {
        known = background;
        if (known == null) {
          known = new Background(counters, time);
          background = known;
          if (closed) {
            known.close();
          }
        }
      }
    }
    return known.submit(task);
  }

  /** Built at first need; two of them do no harm. */
  Keeper keeper() {
    Keeper known = keeper;
    if (known == null) {
      known = new Keeper(this);
      keeper = known;
    }
    return known;
  }

  /** Where resources and code are kept: a folder, or memory where there is no disk tier. */
  public Store store() {
    return store;
  }

  /** Counts, and passes events on. */
  public Counters counters() {
    return counters;
  }

  /** Where time comes from. */
  public TimeSource time() {
    return time;
  }

  /** Tenant or trust domain; the default is empty. */
  public String namespace() {
    return namespace;
  }

  /** What was counted so far. */
  public CacheStats stats() {
    return counters.snapshot();
  }

  /** Units in memory. */
  public long unitsInMemory() {
    return isolate.count();
  }

  /** Forgets the units in memory; what is stored stays. */
  public void clearMemory() {
    isolate.clear();
  }

  /** Waits until everything that was to be kept so far is kept, for at most five seconds. */
  public boolean flush() {
    Background known = background;
    return known == null || known.drain();
  }

  /** Keeps what is still to be kept, for at most five seconds, and closes the store. */
  @Override
  public void close() {
    Background known;
    synchronized (this) {
      closed = true;
      known = background;
    }
    if (known != null) {
      known.close();
    }
    store.close();
    isolate.clear();
  }
}
