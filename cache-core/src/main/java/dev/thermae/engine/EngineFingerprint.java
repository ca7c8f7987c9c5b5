package dev.thermae.engine;

import dev.thermae.code.Fingerprint;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fingerprint of an engine as it is, and what it is recorded under. Thread-safe. */
public final class EngineFingerprint {
  private EngineFingerprint() {}

  /** What a store records the fingerprint under; null when the engine cannot be identified. */
  public static @Nullable String recordedUnder(Engine<?> engine) {
    String told = engine.surroundings();
    return told == null ? null : engine.id() + '\n' + told;
  }

  /**
   * Computes it, artifacts by strong digest.
   *
   * @throws RuntimeException when the engine cannot be identified
   */
  public static Fingerprint compute(Engine<?> engine) {
    Map<String, String> parts = new HashMap<>(engine.fingerprintParts());
    parts.put("engine", engine.id());
    return Fingerprint.compute(parts);
  }
}
