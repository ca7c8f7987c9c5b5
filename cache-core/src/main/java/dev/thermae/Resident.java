package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Generation;
import dev.thermae.engine.Engine;
import dev.thermae.event.Origin;
import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * A unit that stays in memory: the answer to every further call, and when one of them should lead
 * to another look at the slot. Thread-safe; races cost one look too many.
 *
 * @param <C> what the engine executes
 */
final class Resident<C> {
  private final Compiled<C> again;
  private volatile @Nullable Generation about;
  private volatile int looks;

  /** {@code attached} says that nothing is left to do for {@code generation}. */
  Resident(Compiled<C> again, boolean attached, @Nullable Generation generation) {
    this.again = again;
    this.about = generation;
    this.looks = attached ? Integer.MAX_VALUE : 0;
  }

  /** A hit in memory: counted, and now and then a reason to attach what only memory holds. */
  Compiled<C> hit(
      CodeCache cache, Engine<C> engine, CodeKey key, boolean keeps, @Nullable StoredEntry entry) {
    cache.counters().onUnit(key.source().name(), again.temperature(), Origin.MEMORY, 0, 0);
    Generation generation = entry == null ? null : entry.head().generation();
    if (keeps && isDue(generation, cache.policy(engine).fetches())) {
      Walk<C> look = new Walk<>(cache, engine, key, keeps, entry);
      cache.background(Chores.promotion(this, look));
    }
    return again;
  }

  /** The unit. */
  C code() {
    return again.code();
  }

  /** How the unit is harvested after its runs; null where it is not. */
  @Nullable Harvesting<C> harvesting() {
    return again.harvesting();
  }

  /** Whether to look: at most {@code fetches} times for a generation, so that a hit stays a hit. */
  private boolean isDue(@Nullable Generation generation, int fetches) {
    if (generation != null && !generation.equals(about)) {
      about = generation;
      looks = 0;
    }
    int made = looks;
    if (made >= fetches) {
      return false;
    }
    looks = made + 1;
    return true;
  }

  /** Its code is attached: nothing is left to do, unless the generation is another by now. */
  void attached(@Nullable Generation generation) {
    if (generation == null || generation.equals(about)) {
      looks = Integer.MAX_VALUE;
    }
  }
}
