package dev.thermae.http.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What compiles that were not needed would have taken, going by the last measured compile of the
 * same source. Bounded; sources compiled long ago are forgotten. Thread-safe.
 */
final class SavedTime {
  private static final int MOST = 4096;

  private final Map<String, Long> compiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST;
        }
      };

  final LongAdder nanos = new LongAdder();
  final LongAdder unmeasured = new LongAdder();

  void compiled(String name, long took) {
    synchronized (compiles) {
      compiles.put(name, took);
    }
  }

  /** A source was hot, which took {@code spent} instead. */
  void hot(String name, long spent) {
    Long known;
    synchronized (compiles) {
      known = compiles.get(name);
    }
    if (known == null) {
      unmeasured.increment();
    } else {
      nanos.add(Math.max(0, known - spent));
    }
  }
}
