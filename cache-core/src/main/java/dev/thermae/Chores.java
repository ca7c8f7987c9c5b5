package dev.thermae;

import dev.thermae.code.Fingerprint;
import dev.thermae.store.Store;
import java.io.IOException;

/** What a cache does in the background; apart, so that a first hit does not load it. */
final class Chores {
  private Chores() {}

  /** Another look at the slot of a unit that is in memory. */
  static <C> Background.Task promotion(Resident<C> unit, Walk<C> walk) {
    return new Background.Task() {
      @Override
      public String name() {
        return "promotion";
      }

      @Override
      public void run() {
        walk.promote(unit);
      }
    };
  }

  /** New code in place of code that failed while it ran. */
  static Background.Task renewal(Walk<?> walk, String source) {
    return new Background.Task() {
      @Override
      public String name() {
        return "new code of " + source;
      }

      @Override
      public void run() {
        walk.renew();
      }
    };
  }

  /** The move of units to the bounded cache. */
  static Background.Task settling(CodeCache cache) {
    return new Background.Task() {
      @Override
      public String name() {
        return "memory tier";
      }

      @Override
      public void run() {
        cache.settleNow();
      }
    };
  }

  /** The record of an engine's fingerprint. */
  static Background.Task recording(
      Store store, String surroundings, String engine, Fingerprint fingerprint) {
    return new Background.Task() {
      @Override
      public String name() {
        return "fingerprint of " + engine;
      }

      @Override
      public void run() throws IOException {
        store.record(surroundings, engine, fingerprint);
      }
    };
  }
}
