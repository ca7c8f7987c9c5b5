package dev.thermae.disk;

/** How many bytes and entries there are of each rank: as large for any folder. Not thread-safe. */
final class Ranking {
  private final long[] bytes = new long[EvictionPolicy.RANKS];
  private final long[] entries = new long[EvictionPolicy.RANKS];

  void add(int rank, long size) {
    bytes[rank] += size;
    entries[rank]++;
  }

  /** The lowest rank that has to go so that this much is freed. */
  int cut(long freeBytes, long freeEntries) {
    long freed = 0;
    long gone = 0;
    for (int rank = bytes.length - 1; rank > 0; rank--) {
      freed += bytes[rank];
      gone += entries[rank];
      if (freed >= freeBytes && gone >= freeEntries) {
        return rank;
      }
    }
    return 0;
  }
}
