package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Rejection;
import dev.thermae.engine.Engine;
import dev.thermae.store.Lead;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Harvests a unit whose code grows by running: once when its code is to be kept, and again when it
 * has grown notably since. What that costs is serializing it, so it is looked at after the first
 * run, the second, the fourth and so on. Several processes may each attach theirs; the last one
 * stays. Thread-safe.
 *
 * @param <C> what the engine executes
 */
final class Harvesting<C> {
  /** Less than a tenth more, or than so many bytes, is not worth a write. */
  private static final int NOTABLE_BYTES = 512;

  private final CodeCache cache;
  private final Engine<C> engine;
  private final CodeKey key;
  private final C unit;
  private @Nullable StoredEntry entry;
  private boolean due;
  private long stored;
  private long runs;

  private Harvesting(
      CodeCache cache,
      Engine<C> engine,
      CodeKey key,
      @Nullable StoredEntry entry,
      C unit,
      long stored,
      boolean due) {
    this.cache = cache;
    this.engine = engine;
    this.key = key;
    this.entry = entry;
    this.unit = unit;
    this.stored = stored;
    this.due = due;
  }

  /**
   * Null for engines that are not harvested after runs.
   *
   * @param stored bytes that are attached; 0 for none
   * @param due whether code is to be kept; else a later {@link #due} says so
   */
  static <C> @Nullable Harvesting<C> of(
      CodeCache cache,
      Engine<C> engine,
      CodeKey key,
      @Nullable StoredEntry entry,
      C unit,
      long stored,
      boolean due) {
    return engine.harvest() == Engine.Harvest.AFTER_RUN
        ? new Harvesting<>(cache, engine, key, entry, unit, stored, due)
        : null;
  }

  /** From now on code is to be kept; attached to {@code of}, which has none. */
  synchronized void due(@Nullable StoredEntry of) {
    StoredEntry before = entry;
    boolean same = of == null || before == null || isSame(of, before);
    if (!due || !same) {
      entry = of;
      due = true;
      stored = 0;
      runs = 0;
    }
  }

  private static boolean isSame(StoredEntry one, StoredEntry other) {
    return one.head().generation().equals(other.head().generation());
  }

  /** The unit ran. */
  synchronized void ran() {
    if (!due || (++runs & runs - 1) != 0) {
      return;
    }
    try {
      byte[] payload = engine.serialize(unit);
      if (payload.length - stored >= Math.max(NOTABLE_BYTES, stored / 10) || stored == 0) {
        stored = payload.length;
        cache.keeper().attach(key, entry, payload, Lead.ALONE);
      }
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      String what = "unit of " + key.source().name();
      cache.counters().onRejected(what, Rejection.ENGINE, String.valueOf(e));
    }
  }
}
