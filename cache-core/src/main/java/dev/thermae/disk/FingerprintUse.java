package dev.thermae.disk;

import dev.thermae.code.Fingerprint;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When a recorded fingerprint was used last. Immutable.
 *
 * @param file its record
 * @param engine the engine's id
 * @param fingerprint with its parts
 * @param lastUse milliseconds
 */
record FingerprintUse(File file, String engine, Fingerprint fingerprint, long lastUse) {
  private static final long DAY_MILLIS = 24 * 3_600_000L;

  /** The longest time that a use goes unnoted. */
  static final long NOTED_EVERY_MILLIS = DAY_MILLIS;

  /**
   * The fingerprints that nobody uses any more: unused for {@code days}, and not among the {@code
   * kept} of their engine that were used last.
   */
  static Set<Fingerprint> dead(List<FingerprintUse> uses, int kept, int days, long now) {
    Map<String, Map<Fingerprint, Long>> engines = new HashMap<>();
    for (FingerprintUse use : uses) {
      engines
          .computeIfAbsent(use.engine(), absent -> new HashMap<>())
          .merge(use.fingerprint(), use.lastUse(), Math::max);
    }
    Set<Fingerprint> dead = new HashSet<>();
    for (Map<Fingerprint, Long> builds : engines.values()) {
      List<Map.Entry<Fingerprint, Long>> latest = new ArrayList<>(builds.entrySet());
      latest.sort(Map.Entry.<Fingerprint, Long>comparingByValue(Comparator.reverseOrder()));
      for (int i = kept; i < latest.size(); i++) {
        if (now - latest.get(i).getValue() > days * DAY_MILLIS) {
          dead.add(latest.get(i).getKey());
        }
      }
    }
    return dead;
  }

  /** Whether code of a fingerprint that nobody recorded is too old to be kept. */
  static boolean isStale(long attached, int days, long now) {
    return now - attached > Math.max(1, days) * DAY_MILLIS;
  }
}
