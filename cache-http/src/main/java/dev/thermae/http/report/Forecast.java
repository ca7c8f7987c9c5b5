package dev.thermae.http.report;

import dev.thermae.code.Rejection;
import dev.thermae.event.Temperature;
import dev.thermae.policy.CachePolicy;
import dev.thermae.policy.Plan;
import dev.thermae.store.Seen;
import org.jspecify.annotations.Nullable;

/**
 * How warm a load will be that finds a slot as it is now. Pure.
 *
 * @param temperature what the load will report
 * @param why in words
 */
record Forecast(Temperature temperature, String why) {

  /** Of an engine whose code stays in memory. */
  static Forecast ofMemoryOnly() {
    return new Forecast(Temperature.COLD, "this engine's code cannot leave memory here");
  }

  /** Of a load that finds no slot. */
  static Forecast ofNothing(String why) {
    return new Forecast(Temperature.COLD, why);
  }

  /**
   * Of a load that finds a slot.
   *
   * @param hasCode whether there is an envelope
   * @param rejection why it will be refused; null when it will be restored
   */
  static Forecast of(
      CachePolicy policy,
      Seen seen,
      boolean hasCode,
      @Nullable Rejection rejection,
      long length,
      long now) {
    if (!policy.usesStore(length)) {
      return new Forecast(Temperature.COLD, "the policy keeps no code of so small a source");
    }
    if (hasCode && rejection == null) {
      return new Forecast(Temperature.HOT, "the slot has code that verifies");
    }
    Plan plan = policy.plan(hasCode, seen.count(), seen.last(), length, now);
    if (hasCode) {
      return new Forecast(
          Temperature.WARM, "the slot has code that is rejected: " + rejection + "; replaced then");
    }
    if (plan == Plan.COMPILE_AND_ATTACH) {
      return seen.count() > 0
          ? new Forecast(
              Temperature.WARM,
              "seen " + Words.times(seen.count()) + ": the next load attaches its code")
          : new Forecast(
              Temperature.COLD,
              "no slot for the engine as it runs here; the next load attaches its code");
    }
    if (seen.count() == 0) {
      return new Forecast(Temperature.COLD, "there is no slot for the engine as it runs here");
    }
    String counts =
        policy.counts(seen.count(), seen.last(), now)
            ? "the policy attaches code at load " + policy.fetches()
            : "that was too long ago";
    return new Forecast(Temperature.COLD, "seen " + Words.times(seen.count()) + "; " + counts);
  }
}
