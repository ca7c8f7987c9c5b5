package dev.thermae.event;

/** What a run found in the slot of its resource. */
public enum Temperature {
  /** Nothing, or a mark that no longer counts: compiled, and marked as seen. */
  COLD,
  /** A mark, or code that was rejected: compiled, serialized and attached. */
  WARM,
  /** Code that opened: restored without a compile. */
  HOT
}
