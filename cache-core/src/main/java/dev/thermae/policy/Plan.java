package dev.thermae.policy;

/** What to do for a unit that is neither in memory nor in a slot. */
public enum Plan {
  /** Compile and leave the slot alone. */
  COMPILE,
  /** Compile and mark the slot as seen. */
  COMPILE_AND_MARK,
  /** Compile, serialize and attach the code. */
  COMPILE_AND_ATTACH;

  /** Whether code is left for others, so that it is worth making only once. */
  public boolean attaches() {
    return this == COMPILE_AND_ATTACH;
  }
}
