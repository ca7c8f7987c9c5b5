package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.engine.Engine;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.isolate.IsolateCache;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Patience;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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
  static final long MEMORY_BYTES = 64L << 20;
  static final long ERROR_MILLIS = 5_000;

  private static final int MOST_SPOILED = 64;
  private static final long SETTLE_AFTER_NANOS = 1_000_000_000L;

  private final String namespace;
  private final Store store;
  private final Counters counters;
  private final TimeSource time;
  private final @Nullable CachePolicy policy;
  private final Map<String, CachePolicy> policies;
  private final @Nullable Patience patience;
  private final IsolateCache<Compiled<?>> isolate;
  private volatile @Nullable Background background;
  private volatile @Nullable Keeper keeper;
  private volatile @Nullable Engine<?> firstEngine;
  private volatile Fingerprint firstFingerprint = Fingerprint.NONE;
  private volatile @Nullable Fingerprints fingerprints;
  private volatile @Nullable Map<CodeKey, byte[]> spoiled;
  private volatile long firstAnswer;
  private volatile boolean settling;
  private boolean closed;

  /** {@code policy} and {@code patience} are null for the default. */
  CodeCache(
      Store store,
      Counters counters,
      TimeSource time,
      String namespace,
      @Nullable CachePolicy policy,
      Map<String, CachePolicy> policies,
      @Nullable Patience patience,
      long memoryBytes,
      long errorMillis) {
    this.store = store;
    this.counters = counters;
    this.time = time;
    this.namespace = namespace;
    this.policy = policy;
    this.policies = policies;
    this.patience = patience;
    this.isolate = new IsolateCache<>(memoryBytes, errorMillis);
  }

  /** A cache with the defaults of {@link #builder}, in {@code folder} or, for null, its default. */
  public static CodeCache open(@Nullable Path folder) {
    TimeSource time = TimeSource.SYSTEM;
    Counters counters = new Counters(null);
    Store store = openStore(folder, counters, time);
    return new CodeCache(
        store, counters, time, "", null, Map.of(), null, MEMORY_BYTES, ERROR_MILLIS);
  }

  private static Store openStore(@Nullable Path folder, Counters counters, TimeSource time) {
    try {
      return DiskStore.openAboveBases(folder, Seal.checksum(), counters, time, null);
    } catch (IOException | RuntimeException e) {
      return CodeCacheBuilder.withoutDisk(e, MEMORY_BYTES, counters, time);
    }
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
      Engine<C> engine, Source source, Shape shape, @Nullable StoredEntry entry, boolean stores) {
    Fingerprint fingerprint = fingerprint(engine);
    boolean keeps = stores && !fingerprint.parts().isEmpty();
    CodeKey key = new CodeKey(namespace, source, shape, fingerprint);
    Object scoped = scoped(engine, key);
    Compiled<?> found = isolate.find(scoped);
    if (found == null) {
      Walk<C> walk = new Walk<>(this, engine, key, keeps, entry);
      found = isolate.get(scoped, walk);
      if (firstAnswer == 0) {
        firstAnswer = time.nanos() | 1;
      }
      if (found == walk.made()) {
        settle();
        return this.<C>cast(found);
      }
    }
    Compiled<C> again = this.<C>cast(found).resident().hit(this, engine, key, keeps, entry);
    settle();
    return again;
  }

  @SuppressWarnings("unchecked") // a key holds the engine's fingerprint, and so its type of unit
  private <C> Compiled<C> cast(Compiled<?> unit) {
    return (Compiled<C>) unit;
  }

  private static Object scoped(Engine<?> engine, CodeKey key) {
    Object scope = engine.scope();
    return scope == null ? key : IsolateCache.scoped(key, scope);
  }

  /** Forgets a unit that failed while it ran, and does not restore it from {@code code} again. */
  void forget(Engine<?> engine, CodeKey memoryKey, CodeKey key, byte @Nullable [] code) {
    isolate.forget(scoped(engine, memoryKey));
    if (code == null) {
      return;
    }
    synchronized (this) {
      Map<CodeKey, byte[]> known = spoiled;
      if (known == null || known.size() >= MOST_SPOILED) {
        known = new ConcurrentHashMap<>();
        spoiled = known;
      }
      known.put(key, code);
    }
  }

  /** Whether this very code failed before while it ran. */
  boolean isSpoiled(CodeKey key, byte[] code) {
    Map<CodeKey, byte[]> known = spoiled;
    return known != null && Arrays.equals(known.get(key), code);
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

  /**
   * The fingerprint of an engine as it is; one without {@link Fingerprint#parts() parts} when its
   * code cannot leave memory.
   */
  public Fingerprint fingerprint(Engine<?> engine) {
    if (engine.equals(firstEngine)) {
      return firstFingerprint;
    }
    Fingerprints known = fingerprints;
    Fingerprint other = known == null ? null : known.of(engine);
    return other == null ? learn(engine) : other;
  }

  private synchronized Fingerprint learn(Engine<?> engine) {
    if (engine.equals(firstEngine)) {
      return firstFingerprint;
    }
    Fingerprint fingerprint = identify(engine);
    if (firstEngine == null) {
      firstFingerprint = fingerprint;
      firstEngine = engine;
    } else {
      fingerprints().put(engine, fingerprint);
    }
    return fingerprint;
  }

  /** What was recorded of the engine as it is; else it is looked at closely. */
  private Fingerprint identify(Engine<?> engine) {
    try {
      String told = engine.surroundings();
      if (told != null) {
        Fingerprint recorded = store.fingerprint(engine.id() + '\n' + told);
        if (recorded != null) {
          return recorded;
        }
      }
    } catch (RuntimeException | LinkageError e) {
      counters.onFault("fingerprint of " + engine.id(), e);
    }
    return fingerprints().compute(engine);
  }

  private Fingerprints fingerprints() {
    Fingerprints known = fingerprints;
    if (known == null) {
      known = new Fingerprints(this);
      fingerprints = known;
    }
    return known;
  }

  /** Builds the bounded memory tier; when that fails, a later hit tries again. */
  void settleNow() {
    try {
      if (!isolate.isSettled() && store instanceof DiskStore) {
        ((DiskStore) store).examine();
      }
      isolate.settle(Compiled::weight);
    } finally {
      settling = false;
    }
  }

  /** Whether code is looked for; the default policy need not be loaded for that. */
  boolean usesStore(Engine<?> engine, int length) {
    return policy == null && policies.isEmpty()
        ? length >= CachePolicy.BROWSERS_MINIMUM
        : policy(engine).usesStore(length);
  }

  /**
   * Whether anything of a source of so many bytes may leave memory: its engine and policy decide.
   */
  public boolean keeps(Engine<?> engine, int bytes) {
    return !fingerprint(engine).parts().isEmpty() && usesStore(engine, bytes);
  }

  /** The policy for an engine's units. */
  CachePolicy policy(Engine<?> engine) {
    CachePolicy own = policies.isEmpty() ? null : policies.get(engine.id());
    if (own == null) {
      own = policy == null ? CachePolicy.chrome() : policy;
    }
    return own;
  }

  /** How long loads wait for other processes. */
  Patience patience() {
    return patience == null ? Patience.asExpected() : patience;
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
