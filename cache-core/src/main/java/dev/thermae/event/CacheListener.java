package dev.thermae.event;

import dev.thermae.code.Rejection;

/**
 * Sees every step of a cache. All methods do nothing by default.
 *
 * <p>Methods are called on the thread that does the work, so they must be quick and thread-safe;
 * what they throw is swallowed.
 */
public interface CacheListener {
  /** A unit was handed out: what the run found, where the unit came from, and what it took. */
  default void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {}

  /** The engine compiled a source; {@code nanos} is the compile alone. */
  default void onCompile(String name, long nanos) {}

  /** The engine found the source at fault; {@code remembered} when no compile was needed for it. */
  default void onCompileError(String name, boolean remembered) {}

  /** A load waited for somebody else who compiled the same: how that ended, after what time. */
  default void onWaited(String name, Waited outcome, long nanos) {}

  /** Stored bytes were refused: which file or entry, why, and in words. */
  default void onRejected(String where, Rejection reason, String detail) {}

  /** A resource was stored under a new generation. */
  default void onStored(String key, long bytes) {}

  /** Code was attached to a resource. */
  default void onAttached(String key, long bytes) {}

  /** A resource was taken out of its store to make room: what of, and the bytes that freed. */
  default void onEvicted(String where, long bytes) {}

  /** Background work was dropped because the queue was full or the cache was closing. */
  default void onDropped(String what) {}

  /** A tier failed and was gone around. */
  default void onFault(String where, Throwable fault) {}

  /** Something the user should know once, such as a refused cache folder. */
  default void onWarning(String message) {}
}
