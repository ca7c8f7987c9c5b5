package dev.thermae.isolate;

import org.jspecify.annotations.Nullable;

/**
 * Finished units, bounded. Behind an interface so that Caffeine is loaded only once it is wanted.
 *
 * @param <U> what is kept
 */
interface Units<U> {
  @Nullable U get(Object key);

  void put(Object key, U unit);

  void remove(Object key);

  void clear();

  long count();
}
