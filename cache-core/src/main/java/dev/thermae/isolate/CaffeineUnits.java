package dev.thermae.isolate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/** Units in a Caffeine cache bounded by weight. */
final class CaffeineUnits<U extends IsolateCache.Weighed> implements Units<U> {
  private final Cache<Object, U> cache;

  CaffeineUnits(long maximumWeight) {
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumWeight)
            .weigher((Object key, U unit) -> unit.weight())
            .executor(Runnable::run)
            .build();
  }

  @Override
  public @Nullable U get(Object key) {
    return cache.getIfPresent(key);
  }

  @Override
  public void put(Object key, U unit) {
    cache.put(key, unit);
  }

  @Override
  public void clear() {
    cache.invalidateAll();
  }

  @Override
  public long count() {
    cache.cleanUp();
    return cache.estimatedSize();
  }
}
