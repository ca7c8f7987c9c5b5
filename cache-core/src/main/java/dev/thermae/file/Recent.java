package dev.thermae.file;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** As much of what was put here as fits: what is used most stays. Thread-safe. */
final class Recent<K, V> {
  private final Cache<K, V> cache;

  Recent(long maximumWeight, ToIntFunction<V> weigher) {
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumWeight)
            .weigher((K key, V value) -> weigher.applyAsInt(value))
            .executor(Runnable::run)
            .build();
  }

  @Nullable V get(K key) {
    return cache.getIfPresent(key);
  }

  void put(K key, V value) {
    cache.put(key, value);
  }

  void remove(K key) {
    cache.invalidate(key);
  }

  void clear() {
    cache.invalidateAll();
  }
}
