package dev.thermae.disk;

import dev.thermae.code.Generation;
import java.util.Arrays;

/** Entries that may go, 32 bytes each and a million of them at most. Not thread-safe. */
final class Candidates {
  private static final int MOST = 1 << 20;
  private static final int FIELDS = 4;

  private final Ranking ranking = new Ranking();
  private long[] rows = new long[FIELDS * 1024];
  private int count;
  private int next = -1;
  private int cut;
  private boolean second;

  /** Adds an entry with what is known of it. */
  void add(String name, IndexRecord known, long now) {
    if (count == MOST) {
      return;
    }
    if (FIELDS * count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * rows.length);
    }
    int rank = EvictionPolicy.rank(known, now);
    ranking.add(rank, known.bytes());
    int at = FIELDS * count++;
    rows[at] = Long.parseUnsignedLong(name.substring(0, 16), 16);
    rows[at + 1] = Long.parseUnsignedLong(name.substring(16), 16);
    rows[at + 2] = known.lastUse();
    rows[at + 3] = rank;
  }

  /** Chooses so many that this much is freed. */
  void rank(long bytes, long entries) {
    cut = ranking.cut(bytes, entries);
  }

  /** Moves on to the next that is to go: first all above the last rank, then those of it. */
  boolean next() {
    while (true) {
      next++;
      if (next >= count) {
        if (second) {
          return false;
        }
        second = true;
        next = -1;
        continue;
      }
      long rank = rows[FIELDS * next + 3];
      if (second ? rank == cut : rank > cut) {
        return true;
      }
    }
  }

  String name() {
    return Generation.hex(rows[FIELDS * next]).concat(Generation.hex(rows[FIELDS * next + 1]));
  }

  long lastUse() {
    return rows[FIELDS * next + 2];
  }
}
