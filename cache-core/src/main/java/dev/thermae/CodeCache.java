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
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled code in two tiers: units in memory, and serialized code attached to what it was compiled
 * from. Thread-safe.
 *
 * <pre>{@code
 * try (CodeCache cache = CodeCache.builder().build()) {
 *   Compiled<Script> unit = cache.compile(RhinoEngine.create(), Source.of("a.js", text));
 *   unit.code().exec(context, scope, scope);
 * }
 * }</pre>
 *
 * <p>Any fault in any tier ends in a compile and a counted reason; only a {@link
 * dev.thermae.engine.CompileException} reaches the caller.
 */
public final class CodeCache implements AutoCloseable {
  private static final long SETTLE_AFTER_NANOS = 1_000_000_000L;

  private final String namespace;
  private final Store store;
  private final Counters counters;
  private final TimeSource time;
  private final CachePolicy policy;
  private final Map<String, CachePolicy> policies;
  private final Background background;
  private final Keeper keeper;
  private final IsolateCache<Unit<?>> isolate;
  private volatile @Nullable Known known;
  private volatile long firstAnswer;
  private volatile boolean settling;

  CodeCache(CodeCacheBuilder builder, Store store, Counters counters) {
    this.namespace = builder.namespace;
    this.store = store;
    this.counters = counters;
    this.time = builder.time;
    this.policy = builder.policy;
    this.policies = builder.policies;
    this.background = new Background(counters, time);
    this.keeper = new Keeper(this);
    this.isolate = new IsolateCache<>(builder.memoryBytes, builder.errorMillis);
  }

  /** Starts with the defaults: the default folder, Chrome's policy, 64 MiB of memory. */
  public static CodeCacheBuilder builder() {
    return new CodeCacheBuilder();
  }

  /** The fingerprint of an engine that was used before; null when its code cannot leave memory. */
  private record Known(
      Engine<?> engine, Fingerprint key, @Nullable Fingerprint fingerprint, @Nullable Known next) {}

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
    Known about = about(engine);
    CodeKey code = new CodeKey(namespace, source, shape, about.key());
    Object scope = engine.scope();
    Object key = scope == null ? code : IsolateCache.scoped(code, scope);
    Unit<C> unit = cast(isolate.find(key));
    if (unit != null) {
      return again(unit, engine, source, shape, about, entry);
    }
    Walk<C> walk = new Walk<>(this, engine, source, shape, about.fingerprint(), entry);
    Unit<C> loaded = cast(isolate.get(key, walk));
    if (firstAnswer == 0) {
      firstAnswer = time.nanos() | 1;
    }
    return loaded == walk.unit()
        ? loaded.first()
        : again(loaded, engine, source, shape, about, entry);
  }

  @SuppressWarnings("unchecked") // a key holds the engine's fingerprint, and so its type of unit
  private static <C, U extends @Nullable Unit<?>> Unit<C> cast(U unit) {
    return (Unit<C>) unit;
  }

  /** A hit in memory: counted, and now and then a reason to attach what only memory holds. */
  private <C> Compiled<C> again(
      Unit<C> unit,
      Engine<C> engine,
      Source source,
      Shape shape,
      Known about,
      @Nullable StoredEntry entry) {
    Compiled<C> answer = unit.again();
    counters.onUnit(source.name(), answer.temperature(), Origin.MEMORY, 0, 0);
    Generation generation = entry == null ? null : entry.head().generation();
    if (about.fingerprint() != null && unit.isDue(generation, policy(engine).fetches())) {
      promote(unit, new Walk<>(this, engine, source, shape, about.fingerprint(), entry));
    }
    if (!isolate.isSettled()) {
      settle();
    }
    return answer;
  }

  private <C> void promote(Unit<C> unit, Walk<C> walk) {
    background(
        new Background.Task("promotion", 0) {
          @Override
          void run() {
            walk.promote(unit);
          }
        });
  }

  /** Moves the units to the bounded cache: a second after the first answer, or when they crowd. */
  private void settle() {
    boolean due = firstAnswer != 0 && time.nanos() - firstAnswer > SETTLE_AFTER_NANOS;
    if (settling || !(due || isolate.isCrowded())) {
      return;
    }
    settling = true;
    background(
        new Background.Task("memory tier", 0) {
          @Override
          void run() {
            isolate.settle();
          }
        });
  }

  private Known about(Engine<?> engine) {
    for (Known about = known; about != null; about = about.next()) {
      if (about.engine() == engine) {
        return about;
      }
    }
    return learn(engine);
  }

  private synchronized Known learn(Engine<?> engine) {
    String surroundings = engine.surroundings();
    Fingerprint fingerprint = null;
    if (surroundings != null) {
      fingerprint = store.fingerprint(surroundings);
      if (fingerprint == null) {
        fingerprint = Fingerprint.compute(engine.fingerprintParts());
        record(surroundings, engine.id(), fingerprint);
      }
    }
    Fingerprint key = fingerprint;
    if (key == null) {
      key = Fingerprint.recorded(Fingerprint.digest(Generation.random().toString()), "");
    }
    Known about = new Known(engine, key, fingerprint, known);
    known = about;
    return about;
  }

  private void record(String surroundings, String engine, Fingerprint fingerprint) {
    background(
        new Background.Task("fingerprint of " + engine, 0) {
          @Override
          void run() throws IOException {
            store.record(surroundings, engine, fingerprint);
          }
        });
  }

  /** The policy for an engine's units. */
  CachePolicy policy(Engine<?> engine) {
    CachePolicy own = policies.isEmpty() ? null : policies.get(engine.id());
    return own == null ? policy : own;
  }

  void background(Background.Task task) {
    background.submit(task);
  }

  Keeper keeper() {
    return keeper;
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
    return background.drain();
  }

  /** Keeps what is still to be kept, for at most five seconds, and closes the store. */
  @Override
  public void close() {
    background.close();
    store.close();
    isolate.clear();
  }
}
