package dev.thermae;

import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;

/**
 * A unit ready to run, and how it came to be. Immutable; the unit is as thread-safe as its engine
 * says.
 *
 * @param <C> the unit
 */
public final class Compiled<C> {
  private final C code;
  private final Temperature temperature;
  private final Origin origin;
  private final String why;
  private final long compileNanos;
  private final long loadNanos;

  Compiled(
      C code,
      Temperature temperature,
      Origin origin,
      String why,
      long compileNanos,
      long loadNanos) {
    this.code = code;
    this.temperature = temperature;
    this.origin = origin;
    this.why = why;
    this.compileNanos = compileNanos;
    this.loadNanos = loadNanos;
  }

  /** The unit. */
  public C code() {
    return code;
  }

  /** What the run found in the slot; for a unit from memory, what the run that made it found. */
  public Temperature temperature() {
    return temperature;
  }

  /** Where the unit came from. */
  public Origin origin() {
    return origin;
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
    return temperature + " " + origin + ": " + why;
  }
}
