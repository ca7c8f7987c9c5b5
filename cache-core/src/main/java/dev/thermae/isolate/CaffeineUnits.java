package dev.thermae.isolate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Units in a Caffeine cache bounded by weight. */
final class CaffeineUnits<U> implements Units<U> {
  private final Cache<Object, U> cache;

  private CaffeineUnits(long maximumWeight, ToIntFunction<U> weigher) {
    this.cache =
        Caffeine.newBuilder()
            .maximumWeight(maximumWeight)
            .weigher((Object key, U unit) -> weigher.applyAsInt(unit))
            .executor(Runnable::run)
            .build();
  }

  /** Typed as units, so that who only knows units does not load this class. */
  static <U> Units<U> bounded(long maximumWeight, ToIntFunction<U> weigher) {
    return new CaffeineUnits<>(maximumWeight, weigher);
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
  public void remove(Object key) {
    cache.invalidate(key);
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
