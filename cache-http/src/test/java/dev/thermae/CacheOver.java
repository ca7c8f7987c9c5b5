package dev.thermae;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.Store;

/** A code cache over a store that outlives it, as a folder outlives a process. */
public final class CacheOver {
  private CacheOver() {}

  public static CodeCache store(
      Store store, Counters counters, TimeSource time, CachePolicy policy) {
    return CodeCache.builder().time(time).policy(policy).build(store, counters);
  }
}
