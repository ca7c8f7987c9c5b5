package dev.thermae.event;

/** How it ended that a load waited for somebody else who compiled the same. Append-only. */
public enum Waited {
  /** The other one's code was there: no compile was needed. */
  FOUND,
  /** The other one ended, or died, and left no code: compiled here. */
  LEFT_ALONE,
  /** The other one took longer than this load may wait: compiled here. */
  TOO_LONG,
  /** The waiting thread was interrupted: compiled here. */
  INTERRUPTED
}
