package dev.thermae.store;

import org.jspecify.annotations.Nullable;

/**
 * What a slot holds: code as it was attached, or how often and when the unit was seen. Immutable.
 */
public final class SlotContent {
  /** What a slot holds before anything was put there. */
  public static final SlotContent EMPTY = new SlotContent(null, 0, 0);

  private final byte @Nullable [] code;
  private final long seen;
  private final long lastSeen;

  /** {@code code}, where there is any; else {@code seen} marks, the last at {@code lastSeen}. */
  public SlotContent(byte @Nullable [] code, long seen, long lastSeen) {
    this.code = code;
    this.seen = seen;
    this.lastSeen = lastSeen;
  }

  /** An envelope, not verified yet; or null. */
  public byte @Nullable [] code() {
    return code;
  }

  /** How many runs compiled without attaching. */
  public long seen() {
    return seen;
  }

  /** When the last of them was, in milliseconds. */
  public long lastSeen() {
    return lastSeen;
  }
}
