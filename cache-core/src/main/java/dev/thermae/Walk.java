package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Generation;
import dev.thermae.code.Rejection;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.StaleDependencyException;
import dev.thermae.isolate.Flight;
import dev.thermae.store.EntryHead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One load, from slot to unit: restores what the slot holds, else has a {@link Compilation} made.
 * Used by one thread, once; it hears of it later when the unit fails while it runs.
 *
 * @param <C> what the engine executes
 */
final class Walk<C> extends Flight<Compiled<?>> implements Consumer<Throwable> {
  private final CodeCache cache;
  private final Engine<C> engine;
  private final CodeKey memoryKey;
  private final CodeKey key;
  private final boolean keeps;
  private @Nullable StoredEntry entry;
  private @Nullable String slot;
  private @Nullable Compiled<C> made;
  private byte @Nullable [] envelope;
  private String refusal = "";

  /** {@code keeps} is false when nothing of this unit may leave memory. */
  Walk(CodeCache cache, Engine<C> engine, CodeKey key, boolean keeps, @Nullable StoredEntry entry) {
    this.cache = cache;
    this.engine = engine;
    this.memoryKey = key;
    this.key = engine.bakesName() ? key.named() : key;
    this.keeps = keeps;
    this.entry = entry;
  }

  @Override
  protected Compiled<C> load() {
    long start = cache.time().nanos();
    byte[] code = readCode();
    Compiled<C> unit = code == null ? null : restored(code, start);
    if (unit == null) {
      unit = compilation().run(this, code, start);
      made = unit;
    }
    engine.watch(unit.code(), this);
    return unit;
  }

  /**
   * The unit whose envelope this is; null when it is refused, which is counted, or when it failed
   * before while it ran.
   */
  @Nullable Compiled<C> restored(byte[] code, long start) {
    if (cache.isSpoiled(key, code)) {
      refusal = "code rejected: " + Rejection.EXECUTION;
      return null;
    }
    C unit = restore(code);
    if (unit == null) {
      return null;
    }
    envelope = code;
    return finish(unit, start, code.length);
  }

  /** The engine tells that the unit failed while it ran: nobody is to get it any more. */
  @Override
  public void accept(Throwable fault) {
    reject(Rejection.EXECUTION, String.valueOf(fault));
    cache.forget(engine, memoryKey, key, envelope);
    if (keeps) {
      cache.background(Chores.renewal(this, key.source().name()));
    }
  }

  /** Replaces what the slot holds by code that is compiled now; an empty slot stays empty. */
  void renew() {
    if (readCode() != null) {
      compilation().renew();
    }
  }

  /** The unit that {@link #load} made; null when it came from elsewhere. */
  @Nullable Compiled<C> made() {
    return made;
  }

  /** The envelope in the slot; null where there is none, or where none is wanted. */
  byte @Nullable [] readCode() {
    Source source = key.source();
    if (!keeps || !cache.usesStore(engine, source.bytes().length)) {
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
      String named = StoredEntry.slot(key);
      slot = named;
      return found.code(named);
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault("code of " + source.name(), e);
      return null;
    }
  }

  private @Nullable C restore(byte[] bytes) {
    StoredEntry of = entry;
    if (of == null) {
      return null;
    }
    EntryHead head = of.head();
    SealedFile file = key.open(bytes, cache.store().seal(), head.keyHash(), head.generation());
    Rejection rejection = file.rejection();
    if (rejection != null) {
      reject(rejection, file.detail());
      return null;
    }
    try {
      int start = file.start(CodeKey.PAYLOAD);
      int length = file.length(CodeKey.PAYLOAD);
      return engine.restore(file.bytes(), start, length, key.source(), key.shape());
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      boolean stale = e instanceof StaleDependencyException;
      reject(stale ? Rejection.DEPENDENCY : Rejection.ENGINE, String.valueOf(e));
      return null;
    }
  }

  private void reject(Rejection rejection, String detail) {
    refusal = "code rejected: " + rejection;
    cache.counters().onRejected("code of " + key.source().name(), rejection, detail);
  }

  private Compiled<C> finish(C code, long start, int length) {
    long nanos = cache.time().nanos() - start;
    cache.counters().onRestored(key.source().name(), nanos);
    StoredEntry of = entry;
    Generation generation = of == null ? null : of.head().generation();
    long bytes = 2L * key.source().bytes().length + length;
    Compiled<C> unit =
        new Compiled<>(
            code,
            null,
            null,
            "code found",
            0,
            nanos,
            bytes,
            true,
            generation,
            harvesting(code, length));
    made = unit;
    return unit;
  }

  /** Not asked for of engines without a scope: a first hit of theirs loads no class for it. */
  private @Nullable Harvesting<C> harvesting(C code, int stored) {
    return engine.scope() == null
        ? null
        : Harvesting.of(cache, engine, key, entry, code, stored, true);
  }

  private Compilation<C> compilation() {
    return new Compilation<>(cache, engine, key, keeps, entry, slot, refusal);
  }

  /** Looks at the slot again for a unit that is in memory. */
  void promote(Resident<C> unit) {
    boolean found = readCode() != null;
    compilation().promote(unit, found);
  }

  @Override
  protected boolean shares(Compiled<?> loaded) {
    Compiled<C> own = made;
    try {
      return own == null || engine.shares(own.code());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      cache.counters().onFault("unit of " + key.source().name(), e);
      return false;
    }
  }

  @Override
  protected RuntimeException remembered(CompileException fault) {
    cache.counters().onCompileError(key.source().name(), true);
    return fault.again();
  }

  @Override
  protected long millis() {
    return cache.time().millis();
  }
}
