package dev.thermae.event;

/** Where time comes from; the one place that asks the machine is {@link #SYSTEM}. */
public interface TimeSource {
  /** The machine's clocks. */
  TimeSource SYSTEM = new SystemTime();

  /** Wall-clock time in milliseconds since 1970, UTC. */
  long millis();

  /** A time for durations only, in nanoseconds. */
  long nanos();
}
