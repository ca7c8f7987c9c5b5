package dev.thermae.store;

/**
 * The right to make what others would like to have too; they wait until it is given back by {@link
 * #close}, on any thread, or until the process that has it is dead. Thread-safe.
 */
public interface Lead extends AutoCloseable {
  /** Where nobody waits. */
  Lead ALONE = () -> {};

  /** Gives it back; a second time does nothing. */
  @Override
  void close();
}
