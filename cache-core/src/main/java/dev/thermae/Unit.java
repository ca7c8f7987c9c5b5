package dev.thermae;

import dev.thermae.code.Generation;
import dev.thermae.event.Origin;
import dev.thermae.isolate.IsolateCache;
import org.jspecify.annotations.Nullable;

/**
 * A compiled unit in memory, with what it takes to attach its code later.
 *
 * @param <C> what the engine executes
 */
final class Unit<C> implements IsolateCache.Weighed {
  private static final int OVERHEAD = 1024;

  private final Compiled<C> first;
  private final Compiled<C> again;
  private final int weight;
  private final @Nullable Generation generation;
  private volatile int attempts;
  private volatile @Nullable Generation promoted;

  /**
   * {@code bytes} is what the unit keeps in memory; {@code attached} whether its code needs no
   * attaching any more, to {@code generation} where it came from a stored resource.
   */
  Unit(Compiled<C> first, long bytes, boolean attached, @Nullable Generation generation) {
    this.first = first;
    this.again =
        new Compiled<>(first.code(), first.temperature(), Origin.MEMORY, "in memory", 0, 0);
    this.weight = (int) Math.min(Integer.MAX_VALUE, bytes + OVERHEAD);
    this.generation = generation;
    this.promoted = attached ? generation : null;
    this.attempts = attached ? Integer.MAX_VALUE : 0;
  }

  /** The answer to the call that made the unit. */
  Compiled<C> first() {
    return first;
  }

  /** The answer to every later call. */
  Compiled<C> again() {
    return again;
  }

  @Override
  public int weight() {
    return weight;
  }

  /**
   * Whether this use should lead to another look at the slot: at most {@code fetches} times for a
   * generation, so that a hit stays a hit. Races cost one look too many.
   */
  boolean isDue(@Nullable Generation current, int fetches) {
    Generation about = current == null ? generation : current;
    if (about != null && !about.equals(promoted)) {
      if (promoted != null || !about.equals(generation)) {
        attempts = 0;
      }
      promoted = about;
    }
    int made = attempts;
    if (made >= fetches) {
      return false;
    }
    attempts = made + 1;
    return true;
  }

  /** Its code is attached: nothing is left to do for this generation. */
  void attached() {
    attempts = Integer.MAX_VALUE;
  }
}
