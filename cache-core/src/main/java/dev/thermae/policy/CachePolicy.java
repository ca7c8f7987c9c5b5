package dev.thermae.policy;

/**
 * When code is produced and kept: a pure function from what a slot holds to a {@link Plan}.
 * Immutable.
 *
 * <p>The presets carry the constants that browsers ship: Blink's 72 hours and 1,024 characters,
 * Firefox's four fetches and 1,024 bytes.
 */
public final class CachePolicy {
  /** Bytes from which on Chrome and Firefox keep a source's code. */
  public static final int BROWSERS_MINIMUM = 1024;

  private static final long HOUR = 3_600_000;

  private final long window;
  private final int fetches;
  private final int minimumBytes;
  private final boolean stores;

  private CachePolicy(long window, int fetches, int minimumBytes, boolean stores) {
    this.window = window;
    this.fetches = fetches;
    this.minimumBytes = minimumBytes;
    this.stores = stores;
  }

  /** Code is attached at the second load within 72 hours, for sources of 1,024 bytes and more. */
  public static CachePolicy chrome() {
    return new CachePolicy(72 * HOUR, 2, BROWSERS_MINIMUM, true);
  }

  /**
   * Code is attached at the fourth load, whenever it comes, for sources of 1,024 bytes and more.
   */
  public static CachePolicy firefox() {
    return new CachePolicy(Long.MAX_VALUE, 4, BROWSERS_MINIMUM, true);
  }

  /** Code is attached at the first load, whatever the size. */
  public static CachePolicy eager() {
    return new CachePolicy(Long.MAX_VALUE, 1, 0, true);
  }

  /** Units stay in memory; no code is read or written. */
  public static CachePolicy isolateOnly() {
    return new CachePolicy(0, 1, 0, false);
  }

  /** The same policy with marks that count for {@code millis}, at least 1. */
  public CachePolicy withWindow(long millis) {
    if (millis < 1) {
      throw new IllegalArgumentException("a mark must count for at least 1 ms, not " + millis);
    }
    return new CachePolicy(millis, fetches, minimumBytes, stores);
  }

  /** The same policy with code attached at the {@code count}-th load, from 1. */
  public CachePolicy withFetches(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("code is attached at the first load at the earliest");
    }
    return new CachePolicy(window, count, minimumBytes, stores);
  }

  /** The same policy for sources of {@code bytes} and more. */
  public CachePolicy withMinimumBytes(int bytes) {
    return new CachePolicy(window, fetches, bytes, stores);
  }

  /** Whether a slot needs to be read for a source of {@code length} bytes. */
  public boolean usesStore(long length) {
    return stores && length >= minimumBytes;
  }

  /** Loads it takes until code is attached. */
  public int fetches() {
    return fetches;
  }

  /** Whether a mark still counts; else the next one starts anew. */
  public boolean counts(long seen, long lastSeen, long now) {
    return seen > 0 && lastSeen <= now && now - lastSeen < window;
  }

  /**
   * The plan for a slot whose code could not be restored.
   *
   * @param rejected whether it held code that was refused; it dominates the mark
   * @param seen how often the resource was compiled and marked
   * @param lastSeen when it was last marked, in milliseconds
   * @param length bytes of the source
   * @param now milliseconds
   */
  public Plan plan(boolean rejected, long seen, long lastSeen, long length, long now) {
    if (!usesStore(length)) {
      return Plan.COMPILE;
    }
    if (rejected || fetches == 1) {
      return Plan.COMPILE_AND_ATTACH;
    }
    return counts(seen, lastSeen, now) && seen + 1 >= fetches
        ? Plan.COMPILE_AND_ATTACH
        : Plan.COMPILE_AND_MARK;
  }
}
