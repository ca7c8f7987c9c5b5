package dev.thermae.isolate;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every order in which threads may take turns in the memory tier looks like one after the other.
 */
@Tag("once")
class IsolateLincheckTest {
  private static final int ITERATIONS = Integer.getInteger("thermae.lincheck", 3);

  @Test
  void unsettledTierIsLinearizable() {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(IsolateOperations.Sequential.class)
        .check(IsolateOperations.class);
  }

  @Test
  void tierThatSettlesIsLinearizable() {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(IsolateOperations.Sequential.class)
        .check(IsolateOperations.Settling.class);
  }
}
