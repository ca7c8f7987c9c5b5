package dev.thermae;

import dev.thermae.code.Envelope;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.isolate.Flight;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Plan;
import dev.thermae.store.Seen;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One compile, from slot to unit: restores what the slot holds, else asks the policy, compiles, and
 * queues what is to be kept. Used by one thread, once.
 *
 * @param <C> what the engine executes
 */
final class Walk<C> extends Flight<Compiled<?>> {
  private final CodeCache cache;
  private final Engine<C> engine;
  private final Source source;
  private final Shape shape;
  private final @Nullable Fingerprint fingerprint;
  private final CachePolicy policy;
  private @Nullable StoredEntry entry;
  private @Nullable String slot;
  private @Nullable Compiled<C> made;
  private String why = "";
  private boolean rejected;
  private long compileNanos;

  /** {@code fingerprint} is null when nothing of this engine may leave memory. */
  Walk(
      CodeCache cache,
      Engine<C> engine,
      Source source,
      Shape shape,
      @Nullable Fingerprint fingerprint,
      @Nullable StoredEntry entry) {
    this.cache = cache;
    this.engine = engine;
    this.source = source;
    this.shape = engine.bakesName() ? shape.named(source.name()) : shape;
    this.fingerprint = engine.harvest() == Engine.Harvest.NEVER ? null : fingerprint;
    this.policy = cache.policy(engine);
    this.entry = entry;
  }

  @Override
  protected Compiled<C> load() {
    long start = cache.time().nanos();
    byte[] code = readCode();
    C unit = code == null ? null : restore(code);
    if (unit != null && code != null) {
      return finish(unit, null, start, code);
    }
    return compileAndKeep(start);
  }

  /** The unit that {@link #load} made; null when it came from elsewhere. */
  @Nullable Compiled<C> made() {
    return made;
  }

  /** The envelope in the slot; null where there is none, or where none is wanted. */
  private byte @Nullable [] readCode() {
    if (fingerprint == null || !policy.usesStore(source.bytes().length)) {
      return null;
    }
    try {
      StoredEntry found = entry;
      if (found == null) {
        found = cache.keeper().find(source);
        entry = found;
      }
      if (found == null) {
        return null;
      }
      String named = StoredEntry.slot(fingerprint, shape, source.charset());
      slot = named;
      return found.code(named);
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault("code of " + source.name(), e);
      return null;
    }
  }

  private @Nullable C restore(byte[] bytes) {
    StoredEntry of = entry;
    Fingerprint under = fingerprint;
    if (of == null || under == null) {
      return null;
    }
    Envelope envelope =
        new Envelope(under, source.hash(), shape, of.head().keyHash(), of.head().generation());
    SealedFile file = envelope.open(bytes, cache.store().seal());
    Rejection rejection = file.rejection();
    if (rejection != null) {
      reject(rejection, file.detail());
      return null;
    }
    try {
      why = "code found";
      return engine.restore(
          bytes, file.start(Envelope.PAYLOAD), file.length(Envelope.PAYLOAD), source, shape);
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      reject(Rejection.ENGINE, String.valueOf(e));
      return null;
    }
  }

  private void reject(Rejection rejection, String detail) {
    rejected = true;
    why = "code rejected: " + rejection;
    cache.counters().onRejected("code of " + source.name(), rejection, detail);
  }

  private Compiled<C> compileAndKeep(long start) {
    Seen seen = seen();
    Plan plan = plan(seen);
    C unit = compile();
    byte[] payload = plan == Plan.COMPILE_AND_ATTACH ? serialize(unit) : null;
    if (payload != null) {
      cache.keeper().attach(source, shape, fingerprint, entry, payload);
    } else if (plan != Plan.COMPILE) {
      cache.keeper().mark(source, shape, fingerprint, entry, isAnew(seen));
    }
    boolean warm = plan == Plan.COMPILE_AND_ATTACH && (rejected || seen.count() > 0);
    return finish(unit, warm ? Temperature.WARM : Temperature.COLD, start, payload);
  }

  private Seen seen() {
    StoredEntry of = entry;
    String named = slot;
    if (of != null && named != null) {
      try {
        return of.seen(named);
      } catch (IOException | RuntimeException e) {
        cache.counters().onFault("mark of " + source.name(), e);
      }
    }
    return new Seen(0, 0);
  }

  private Plan plan(Seen seen) {
    if (fingerprint == null) {
      why = "neither the engine nor the response lets code leave memory";
      return Plan.COMPILE;
    }
    Plan plan =
        policy.plan(
            rejected, seen.count(), seen.last(), source.bytes().length, cache.time().millis());
    if (plan == Plan.COMPILE) {
      why = "too small, or kept in memory only";
    } else if (!rejected && plan == Plan.COMPILE_AND_ATTACH) {
      why = seen.count() > 0 ? "seen before, code attached" : "first load, code attached";
    } else if (!rejected) {
      why = seen.count() > 0 ? "seen too rarely or too long ago" : "first load";
    }
    return plan;
  }

  /** Marks that do not count any more are not added to. */
  private boolean isAnew(Seen seen) {
    return !policy.counts(seen.count(), seen.last(), cache.time().millis());
  }

  private C compile() {
    long start = cache.time().nanos();
    try {
      C code = engine.compile(source, shape);
      compileNanos = cache.time().nanos() - start;
      cache.counters().onCompile(source.name(), compileNanos);
      return code;
    } catch (RuntimeException e) {
      if (e instanceof CompileException) {
        cache.counters().onCompileError(source.name(), false);
      }
      throw e;
    }
  }

  private byte @Nullable [] serialize(C code) {
    try {
      return engine.serialize(code);
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      why = "code cannot be serialized";
      cache.counters().onRejected("unit of " + source.name(), Rejection.ENGINE, String.valueOf(e));
      return null;
    }
  }

  /** {@code temperature} is null for a unit that was restored. */
  private Compiled<C> finish(
      C code, @Nullable Temperature temperature, long start, byte @Nullable [] bytes) {
    long nanos = cache.time().nanos() - start;
    if (temperature == null) {
      cache.counters().onRestored(source.name(), nanos);
    } else {
      cache.counters().onUnit(source.name(), temperature, Origin.COMPILED, compileNanos, nanos);
    }
    StoredEntry of = entry;
    long length = source.bytes().length;
    Compiled<C> unit =
        new Compiled<>(
            code,
            temperature,
            temperature == null ? null : Origin.COMPILED,
            why,
            compileNanos,
            nanos,
            2 * length + (bytes == null ? length : bytes.length),
            bytes != null,
            of == null ? null : of.head().generation());
    made = unit;
    return unit;
  }

  /** Looks at the slot again for a unit that is in memory: attaches or marks as the policy says. */
  void promote(Compiled<C> unit) {
    StoredEntry of = entry;
    Generation generation = of == null ? null : of.head().generation();
    if (readCode() != null) {
      unit.resident().attached(generation);
      return;
    }
    if (engine.harvest() != Engine.Harvest.ANY_TIME) {
      unit.resident().attached(generation);
      return;
    }
    Seen seen = seen();
    Plan plan = plan(seen);
    if (plan == Plan.COMPILE_AND_ATTACH) {
      byte[] payload = serialize(unit.code());
      if (payload != null) {
        cache.keeper().attach(source, shape, fingerprint, entry, payload);
      }
      unit.resident().attached(generation);
    } else if (plan == Plan.COMPILE_AND_MARK) {
      cache.keeper().mark(source, shape, fingerprint, entry, isAnew(seen));
    }
  }

  @Override
  protected boolean shares(Compiled<?> loaded) {
    Compiled<C> own = made;
    try {
      return own == null || engine.shares(own.code());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      cache.counters().onFault("unit of " + source.name(), e);
      return false;
    }
  }

  @Override
  protected RuntimeException remembered(CompileException fault) {
    cache.counters().onCompileError(source.name(), true);
    return fault.again();
  }

  @Override
  protected long millis() {
    return cache.time().millis();
  }
}
