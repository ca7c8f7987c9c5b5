package dev.thermae.file;

/** Runs what is due later, one after the other. */
interface Alarm extends AutoCloseable {
  /** Runs {@code task} once, in so many nanoseconds; not at all once this is closed. */
  void after(long nanos, Runnable task);

  /** Ends its thread when what is running has ended; nothing that waits is run. */
  @Override
  void close();
}
