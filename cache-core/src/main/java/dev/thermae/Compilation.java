package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.policy.Plan;
import dev.thermae.store.Lead;
import dev.thermae.store.Seen;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What follows when a slot gave no unit: asks the policy, compiles, and queues what is to be kept.
 * Apart from {@link Walk}, so that a first hit does not load it. Used by one thread, once.
 *
 * @param <C> what the engine executes
 */
final class Compilation<C> {
  private final CodeCache cache;
  private final Engine<C> engine;
  private final CodeKey key;
  private final Source source;
  private final boolean keeps;
  private final @Nullable StoredEntry entry;
  private final @Nullable String slot;
  private final boolean rejected;
  private String why;
  private long compileNanos;

  /**
   * @param keeps false when nothing of this unit may leave memory
   * @param slot null when no slot was looked at
   * @param rejection what the slot held and why it was refused; empty when it was not
   */
  Compilation(
      CodeCache cache,
      Engine<C> engine,
      CodeKey key,
      boolean keeps,
      @Nullable StoredEntry entry,
      @Nullable String slot,
      String rejection) {
    this.cache = cache;
    this.engine = engine;
    this.key = key;
    this.source = key.source();
    this.keeps = keeps;
    this.entry = entry;
    this.slot = slot;
    this.rejected = !rejection.isEmpty();
    this.why = rejection;
  }

  /** {@code refused} is the envelope that was refused, if there was one. */
  Compiled<C> run(Walk<C> walk, byte @Nullable [] refused, long start) {
    Seen seen = seen();
    Plan plan = plan(seen);
    boolean afterRun = engine.harvest() == Engine.Harvest.AFTER_RUN;
    if (plan.attaches() && !afterRun) {
      try (Turn turn = Turn.take(cache, key, entry)) {
        Compiled<C> found = turn.looksAgain() ? lookAgain(walk, refused, start) : null;
        turn.ended(found != null);
        return found == null ? compileAndAttach(turn, seen, start) : found;
      }
    }
    C unit = compile();
    if (plan == Plan.COMPILE_AND_MARK || plan.attaches()) {
      cache.keeper().mark(key, entry, isAnew(seen), compileNanos);
    }
    boolean warm = plan.attaches() && (rejected || seen.count() > 0);
    return finish(unit, warm ? Temperature.WARM : Temperature.COLD, start, null, plan.attaches());
  }

  /** What somebody attached since; what was refused before is not tried again. */
  private @Nullable Compiled<C> lookAgain(Walk<C> walk, byte @Nullable [] refused, long start) {
    byte[] code = walk.readCode();
    return code == null || Arrays.equals(code, refused) ? null : walk.restored(code, start);
  }

  private Compiled<C> compileAndAttach(Turn turn, Seen seen, long start) {
    C unit = turn.compile(this::compile);
    byte[] payload = serialize(unit);
    if (payload != null) {
      cache.keeper().attach(key, entry, payload, turn.handOver());
    } else {
      cache.keeper().mark(key, entry, isAnew(seen), compileNanos);
    }
    boolean warm = rejected || seen.count() > 0;
    return finish(unit, warm ? Temperature.WARM : Temperature.COLD, start, payload, false);
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
    if (!keeps || engine.harvest() == Engine.Harvest.NEVER) {
      why = "neither the engine nor the response lets code leave memory";
      return Plan.COMPILE;
    }
    Plan plan =
        cache
            .policy(engine)
            .plan(
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
    return !cache.policy(engine).counts(seen.count(), seen.last(), cache.time().millis());
  }

  private C compile() {
    long start = cache.time().nanos();
    try {
      C code = engine.compile(source, key.shape());
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

  /** {@code due} says that the code is to be attached once it ran. */
  private Compiled<C> finish(
      C code, Temperature temperature, long start, byte @Nullable [] bytes, boolean due) {
    long nanos = cache.time().nanos() - start;
    cache.counters().onUnit(source.name(), temperature, Origin.COMPILED, compileNanos, nanos);
    long length = source.bytes().length;
    return new Compiled<>(
        code,
        temperature,
        Origin.COMPILED,
        why,
        compileNanos,
        nanos,
        2 * length + (bytes == null ? length : bytes.length),
        bytes != null,
        entry == null ? null : entry.head().generation(),
        keeps ? Harvesting.of(cache, engine, key, entry, code, 0, due) : null);
  }

  /** Compiles again and attaches that, in place of code that failed while it ran. */
  void renew() {
    byte[] payload = serialize(compile());
    if (payload != null) {
      cache.keeper().attach(key, entry, payload, Lead.ALONE);
    }
  }

  /** For a unit that is in memory: attaches or marks as the policy says. */
  void promote(Resident<C> unit, boolean found) {
    Generation generation = entry == null ? null : entry.head().generation();
    Harvesting<C> later = unit.harvesting();
    if (found || later == null && engine.harvest() != Engine.Harvest.ANY_TIME) {
      unit.attached(generation);
      return;
    }
    Seen seen = seen();
    Plan plan = plan(seen);
    if (plan == Plan.COMPILE_AND_ATTACH && later != null) {
      later.due(entry);
      unit.attached(generation);
    } else if (plan == Plan.COMPILE_AND_ATTACH) {
      byte[] payload = serialize(unit.code());
      if (payload != null) {
        cache.keeper().attach(key, entry, payload, Lead.ALONE);
      }
      unit.attached(generation);
    } else if (plan == Plan.COMPILE_AND_MARK) {
      cache.keeper().mark(key, entry, isAnew(seen), 0);
    }
  }
}
