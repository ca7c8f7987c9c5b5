package dev.thermae;

import dev.thermae.code.Generation;
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

  /** The answer. */
  Compiled<C> again() {
    return again;
  }

  /** Whether to look: at most {@code fetches} times for a generation, so that a hit stays a hit. */
  boolean isDue(@Nullable Generation generation, int fetches) {
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
