package dev.thermae.disk;

/**
 * Who goes first when room is made: pure functions over what is known of an entry.
 *
 * <p>An entry costs its bytes for as long as nobody asks for it, and earns by its hits: the one
 * that takes most, for longest, for fewest hits goes first. Without hits, which only an index
 * knows, that is recency weighted by size.
 */
final class EvictionPolicy {
  /** Ranks lie below this number. */
  static final int RANKS = 2048;

  private static final double PER_OCTAVE = 24;

  /** The share of the limit that is kept for what a sum of the files can miss. */
  private static final int SLACK = 64;

  /** One of so many parts of a bound is freed at once. */
  private static final int PARTS = 10;

  private static final int BEGIN_AT_PERCENT = 95;
  private static final long GRACE_MILLIS = 10 * 60_000L;

  private EvictionPolicy() {}

  /** How early an entry goes: the higher the earlier; steps of three percent. */
  static int rank(IndexRecord entry, long now) {
    double age = Math.max(1, now - entry.lastUse());
    double cost = age * Math.max(1, entry.bytes()) / (1 + Math.max(0, entry.hits()));
    int rank = (int) (Math.log(cost) / Math.log(2) * PER_OCTAVE);
    return Math.max(0, Math.min(RANKS - 1, rank));
  }

  /** The part of a bound that is given to writers. */
  static long usable(long bound) {
    return bound - bound / SLACK;
  }

  /** What has to go so that there is room, and {@code wanted} bytes of it in one piece. */
  static long excess(InUse inUse, DiskOptions options, long wanted) {
    long bound = options.maximumBytes();
    long piece = inUse.bytes() + wanted - usable(bound);
    return isDue(inUse, options) ? Math.max(inUse.bytes() - downTo(bound), piece) : piece;
  }

  /** What a bound is brought down to. */
  static long downTo(long bound) {
    return bound == Long.MAX_VALUE ? bound : bound - Math.max(1, bound / PARTS);
  }

  /** From where on room is made before anybody waits for it. */
  static boolean isDue(InUse inUse, DiskOptions options) {
    return inUse.bytes() > options.maximumBytes() / 100 * BEGIN_AT_PERCENT
        || inUse.entries() >= options.maximumEntries();
  }

  /** Whether a file that nobody refers to is older than the longest publish takes. */
  static boolean isForgotten(long modified, long now) {
    return now - modified > GRACE_MILLIS;
  }
}
