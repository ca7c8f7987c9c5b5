package dev.thermae.cli;

import dev.thermae.policy.CachePolicy;

/** The policies that the command knows by name. */
enum PolicyChoice {
  /** Code is attached at the second load within 72 hours. */
  CHROME,
  /** At the fourth. */
  FIREFOX,
  /** At the first. */
  EAGER;

  CachePolicy policy() {
    return switch (this) {
      case CHROME -> CachePolicy.chrome();
      case FIREFOX -> CachePolicy.firefox();
      case EAGER -> CachePolicy.eager();
    };
  }
}
