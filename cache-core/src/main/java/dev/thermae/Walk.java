package dev.thermae;

import dev.thermae.code.Claim;
import dev.thermae.code.Envelope;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.Rejection;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.isolate.IsolateCache;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Plan;
import dev.thermae.store.Slot;
import dev.thermae.store.SlotContent;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One compile, from slot to unit: reads the slot, asks the policy, restores or compiles, and queues
 * what is to be kept. Used by one thread, once.
 *
 * @param <C> what the engine executes
 */
final class Walk<C> implements IsolateCache.Loader<Unit<?>> {
  private final CodeCache cache;
  private final Engine<C> engine;
  private final Source source;
  private final Shape shape;
  private final @Nullable Fingerprint fingerprint;
  private final CachePolicy policy;
  private @Nullable StoredEntry entry;
  private @Nullable Slot slot;
  private @Nullable Unit<C> unit;
  private String why = "";
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
    this.fingerprint = fingerprint;
    this.policy = cache.policy(engine);
    this.entry = entry;
  }

  @Override
  public Unit<C> load() {
    long start = cache.time().nanos();
    SlotContent content = readSlot();
    Plan plan = plan(content);
    Temperature temperature = Temperature.COLD;
    C code = null;
    if (plan == Plan.RESTORE && content.code() != null) {
      code = restore(content.code());
      temperature = Temperature.HOT;
    }
    if (code != null) {
      return finish(code, temperature, Origin.RESTORED, start, content.code());
    }
    code = compile();
    byte[] payload = null;
    if (plan == Plan.RESTORE || plan == Plan.COMPILE_AND_ATTACH) {
      temperature = Temperature.WARM;
      payload = serialize(code);
    }
    if (temperature == Temperature.WARM && !wasSeen(content)) {
      temperature = Temperature.COLD;
    }
    if (payload != null) {
      cache.keeper().attach(source, shape, fingerprint, entry, slot, payload);
    } else if (plan != Plan.COMPILE) {
      cache.keeper().mark(source, shape, fingerprint, entry, slot);
    }
    return finish(code, temperature, Origin.COMPILED, start, payload);
  }

  /** An eager first run compiles and attaches, and still found nothing. */
  private static boolean wasSeen(SlotContent content) {
    return content.code() != null || content.seen() > 0;
  }

  private SlotContent readSlot() {
    SlotContent content = SlotContent.EMPTY;
    if (fingerprint == null || !policy.usesStore(source.bytes().length)) {
      return content;
    }
    StoredEntry found = entry;
    if (found == null) {
      found = cache.keeper().find(source);
      entry = found;
    }
    if (found != null) {
      Slot named = found.slot(fingerprint, shape, source.charset());
      slot = named;
      try {
        content = named.read();
      } catch (IOException e) {
        cache.counters().onFault("slot of " + source.name(), e);
      }
    }
    return content;
  }

  private Plan plan(SlotContent content) {
    if (fingerprint == null) {
      why = "this engine's code cannot leave memory";
      return Plan.COMPILE;
    }
    Plan plan =
        policy.plan(
            content.code() != null,
            content.seen(),
            content.lastSeen(),
            source.bytes().length,
            cache.time().millis());
    if (plan == Plan.RESTORE) {
      why = "code found";
    } else if (plan == Plan.COMPILE) {
      why = "too small, or kept in memory only";
    } else if (plan == Plan.COMPILE_AND_ATTACH) {
      why = wasSeen(content) ? "seen before, code attached" : "first load, code attached";
    } else {
      why = wasSeen(content) ? "seen too rarely or too long ago" : "first load";
    }
    return plan;
  }

  private @Nullable C restore(byte[] bytes) {
    StoredEntry of = entry;
    Fingerprint under = fingerprint;
    if (of == null || under == null) {
      return null;
    }
    Claim claim =
        new Claim(under, source.hash(), shape, of.head().keyHash(), of.head().generation());
    Envelope envelope = Envelope.open(bytes, cache.store().seal(), claim);
    Rejection rejection = envelope.rejection();
    if (rejection != null) {
      reject(rejection, envelope.detail());
      return null;
    }
    try {
      return engine.restore(
          envelope.bytes(), envelope.payload(), envelope.payloadLength(), source, shape);
    } catch (RestoreException | RuntimeException | LinkageError | StackOverflowError e) {
      reject(Rejection.ENGINE, String.valueOf(e));
      return null;
    }
  }

  private void reject(Rejection rejection, String detail) {
    why = "code rejected: " + rejection;
    cache.counters().onRejected("code of " + source.name(), rejection, detail);
  }

  private C compile() {
    long start = cache.time().nanos();
    try {
      C code = engine.compile(source, shape);
      compileNanos = cache.time().nanos() - start;
      cache.counters().onCompile(source.name(), compileNanos);
      return code;
    } catch (CompileException e) {
      cache.counters().onCompileError(source.name(), false);
      throw e;
    }
  }

  private byte @Nullable [] serialize(C code) {
    if (engine.harvest() == Engine.Harvest.NEVER) {
      why = "this engine's code cannot leave memory";
      return null;
    }
    try {
      return engine.serialize(code);
    } catch (RestoreException | RuntimeException | LinkageError | StackOverflowError e) {
      why = "code cannot be serialized";
      cache.counters().onRejected("unit of " + source.name(), Rejection.ENGINE, String.valueOf(e));
      return null;
    }
  }

  private Unit<C> finish(
      C code, Temperature temperature, Origin origin, long start, byte @Nullable [] bytes) {
    long nanos = cache.time().nanos() - start;
    cache.counters().onUnit(source.name(), temperature, origin, compileNanos, nanos);
    StoredEntry of = entry;
    Unit<C> made =
        new Unit<>(
            new Compiled<>(code, temperature, origin, why, compileNanos, nanos),
            2L * source.bytes().length + (bytes == null ? source.bytes().length : bytes.length),
            bytes != null || fingerprint == null,
            of == null ? null : of.head().generation());
    unit = made;
    return made;
  }

  /** The unit that {@link #load} made; null when it came from elsewhere. */
  @Nullable Unit<C> unit() {
    return unit;
  }

  /** Looks at the slot again for a unit that is in memory: attaches or marks as the policy says. */
  void promote(Unit<C> known) {
    SlotContent content = readSlot();
    Plan plan = plan(content);
    if (plan == Plan.RESTORE) {
      known.attached();
    } else if (plan == Plan.COMPILE_AND_ATTACH) {
      byte[] payload = serialize(known.first().code());
      if (payload != null) {
        cache.keeper().attach(source, shape, fingerprint, entry, slot, payload);
      }
      known.attached();
    } else if (plan == Plan.COMPILE_AND_MARK) {
      cache.keeper().mark(source, shape, fingerprint, entry, slot);
    }
  }

  @Override
  public CompileException remembered(CompileException error) {
    cache.counters().onCompileError(source.name(), true);
    return error.again();
  }

  @Override
  public long millis() {
    return cache.time().millis();
  }
}
