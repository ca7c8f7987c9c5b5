package dev.thermae;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes fingerprints, and keeps those of all engines of a cache but its first: apart, so that a
 * first hit does not load it. Thread-safe.
 */
final class Fingerprints {
  private static final int MAXIMUM_ENGINES = 256;

  private final CodeCache cache;
  private final ConcurrentHashMap<Engine<?>, Fingerprint> known = new ConcurrentHashMap<>();

  Fingerprints(CodeCache cache) {
    this.cache = cache;
  }

  @Nullable Fingerprint of(Engine<?> engine) {
    return known.get(engine);
  }

  void put(Engine<?> engine, Fingerprint fingerprint) {
    if (known.size() >= MAXIMUM_ENGINES) {
      known.clear();
    }
    known.put(engine, fingerprint);
  }

  /** Computes and records it; where it cannot be told, one of its own, which has no parts. */
  Fingerprint compute(Engine<?> engine) {
    try {
      String told = engine.surroundings();
      if (told != null) {
        Fingerprint computed = EngineFingerprint.compute(engine);
        String surroundings = engine.id() + '\n' + told;
        cache.background(Chores.recording(cache.store(), surroundings, engine.id(), computed));
        return computed;
      }
    } catch (RuntimeException | LinkageError e) {
      cache.counters().onFault("fingerprint of " + engine.id(), e);
    }
    return Fingerprint.recorded(Fingerprint.digest(Generation.random().toString()), "");
  }
}
