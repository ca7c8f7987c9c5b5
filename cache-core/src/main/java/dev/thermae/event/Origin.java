package dev.thermae.event;

/** Where a unit came from. */
public enum Origin {
  /** The engine compiled it. */
  COMPILED,
  /** The engine restored it from stored code. */
  RESTORED,
  /** It was in the memory of this isolate. */
  MEMORY
}
