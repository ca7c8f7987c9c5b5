package dev.thermae.event;

/** The machine's clocks: the only class that asks them. */
final class SystemTime implements TimeSource {
  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
