package dev.thermae.event;

import dev.thermae.code.Rejection;

/**
 * What a cache has counted since it was built. Immutable.
 *
 * @param cold units compiled, their slots marked
 * @param warm units compiled, their code attached
 * @param hot units restored from stored code
 * @param memory units that were in memory
 * @param compiles compiles the engines did
 * @param compileNanos time the engines spent on them
 * @param compileErrors sources at fault
 * @param restores units engines restored
 * @param loadNanos time between call and unit, memory hits left out
 * @param stored resources stored
 * @param attached units of code attached
 * @param dropped background tasks dropped
 * @param faults failures of a tier, all gone around
 * @param rejections refused bytes by {@link Rejection#ordinal()}
 * @param waits loads that waited for others by {@link Waited#ordinal()}
 * @param waitNanos time they waited
 * @param evicted resources that this process took out of the store to make room
 * @param oversized bodies and units of code that were not stored because each alone is larger than
 *     the store takes: see {@code DiskOptions.maximumBytes}
 */
@SuppressWarnings("ArrayRecordComponent") // a snapshot made for this record alone
public record CacheStats(
    long cold,
    long warm,
    long hot,
    long memory,
    long compiles,
    long compileNanos,
    long compileErrors,
    long restores,
    long loadNanos,
    long stored,
    long attached,
    long dropped,
    long faults,
    long[] rejections,
    long[] waits,
    long waitNanos,
    long evicted,
    long oversized) {

  /** How often a load waited for somebody else and it ended in {@code outcome}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public long waited(Waited outcome) {
    return waits[outcome.ordinal()];
  }

  /** How often bytes were refused for {@code reason}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public long rejected(Rejection reason) {
    return rejections[reason.ordinal()];
  }

  /** Every count by its name; of refusals and waits those that happened. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("CacheStats[cold=").append(cold);
    text.append(", warm=").append(warm).append(", hot=").append(hot);
    text.append(", memory=").append(memory).append(", compiles=").append(compiles);
    text.append(", compileNanos=").append(compileNanos);
    text.append(", compileErrors=").append(compileErrors);
    text.append(", restores=").append(restores).append(", loadNanos=").append(loadNanos);
    text.append(", stored=").append(stored).append(", attached=").append(attached);
    text.append(", dropped=").append(dropped).append(", faults=").append(faults);
    append(text.append(", rejections="), Rejection.values(), rejections);
    append(text.append(", waits="), Waited.values(), waits);
    text.append(", waitNanos=").append(waitNanos);
    text.append(", evicted=").append(evicted);
    return text.append(", oversized=").append(oversized).append(']').toString();
  }

  private static void append(StringBuilder text, Enum<?>[] names, long[] counts) {
    text.append('{');
    String comma = "";
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        text.append(comma).append(names[i]).append('=').append(counts[i]);
        comma = ", ";
      }
    }
    text.append('}');
  }

  /** How often bytes were refused for any reason. */
  public long rejected() {
    long sum = 0;
    for (long count : rejections) {
      sum += count;
    }
    return sum;
  }
}
