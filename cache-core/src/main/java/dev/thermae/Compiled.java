package dev.thermae;

import dev.thermae.code.Generation;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import org.jspecify.annotations.Nullable;

/**
 * A unit ready to run, and how it came to be. Immutable; the unit is as thread-safe as its engine
 * says.
 *
 * @param <C> the unit
 */
public final class Compiled<C> {
  private static final int OVERHEAD = 1024;

  private final C code;
  private final @Nullable Temperature temperature;
  private final @Nullable Origin origin;
  private final String why;
  private final long compileNanos;
  private final long loadNanos;
  private final long bytes;
  private final boolean attached;
  private final @Nullable Generation generation;
  private final @Nullable Harvesting<C> harvesting;
  private volatile @Nullable Resident<C> resident;

  /**
   * A {@code temperature} of null means hot, an {@code origin} of null restored: two classes less.
   * {@code harvesting} is null where running changes nothing.
   */
  Compiled(
      C code,
      @Nullable Temperature temperature,
      @Nullable Origin origin,
      String why,
      long compileNanos,
      long loadNanos,
      long bytes,
      boolean attached,
      @Nullable Generation generation,
      @Nullable Harvesting<C> harvesting) {
    this.code = code;
    this.temperature = temperature;
    this.origin = origin;
    this.why = why;
    this.compileNanos = compileNanos;
    this.loadNanos = loadNanos;
    this.bytes = bytes;
    this.attached = attached;
    this.generation = generation;
    this.harvesting = harvesting;
  }

  /** What later hits in memory need; built at the first of them. */
  Resident<C> resident() {
    Resident<C> known = resident;
    if (known == null) {
      synchronized (this) {
        known = resident;
        if (known == null) {
          Compiled<C> again =
              new Compiled<>(
                  code,
                  temperature,
                  Origin.MEMORY,
                  "in memory",
                  0,
                  0,
                  bytes,
                  attached,
                  generation,
                  harvesting);
          known = new Resident<>(again, attached, generation);
          resident = known;
        }
      }
    }
    return known;
  }

  /** Bytes it keeps in memory, roughly; at least 1. */
  int weight() {
    return (int) Math.min(Integer.MAX_VALUE, bytes + OVERHEAD);
  }

  /** The unit. */
  public C code() {
    return code;
  }

  /**
   * Says that the unit ran. Engines that compile functions when they are first called, as V8 does,
   * are harvested now, on this thread and in a few milliseconds for each megabyte of code: after
   * the first run whose code is to be kept, and after further ones (the first, second, fourth,
   * eighth) when they compiled notably more. So call it where units of the engine may be used,
   * after what the next process should find compiled, and at a moment when nobody waits. For other
   * engines it does nothing.
   */
  public void ran() {
    Harvesting<C> due = harvesting;
    if (due != null) {
      due.ran();
    }
  }

  /** How it is harvested after its runs; null where it is not. */
  @Nullable Harvesting<C> harvesting() {
    return harvesting;
  }

  /** What the run found in the slot; for a unit from memory, what the run that made it found. */
  public Temperature temperature() {
    return temperature == null ? Temperature.HOT : temperature;
  }

  /** Where the unit came from. */
  public Origin origin() {
    return origin == null ? Origin.RESTORED : origin;
  }

  /** Why the run was as warm as it was, in words. */
  public String why() {
    return why;
  }

  /** Time in the engine's compiler; 0 when it was not needed. */
  public long compileNanos() {
    return compileNanos;
  }

  /** Time from the call to the unit, compile included; 0 for a unit from memory. */
  public long loadNanos() {
    return loadNanos;
  }

  @Override
  public String toString() {
    return temperature() + " " + origin() + ": " + why;
  }
}
