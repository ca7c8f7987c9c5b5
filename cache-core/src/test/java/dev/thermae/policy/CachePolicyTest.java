package dev.thermae.policy;

import static dev.thermae.policy.Plan.COMPILE;
import static dev.thermae.policy.Plan.COMPILE_AND_ATTACH;
import static dev.thermae.policy.Plan.COMPILE_AND_MARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole matrix: policy, what the slot holds, when it was marked, and how long the source is.
 */
class CachePolicyTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long WINDOW = 72 * 3_600_000L;
  private static final long NEVER = 0;

  static Stream<Arguments> plans() {
    return Stream.of(
        plan("chrome", CachePolicy::chrome, false, 0, NEVER, 1024, COMPILE_AND_MARK),
        plan("chrome", CachePolicy::chrome, false, 1, NOW, 1024, COMPILE_AND_ATTACH),
        plan("chrome", CachePolicy::chrome, false, 1, NOW - 1, 1024, COMPILE_AND_ATTACH),
        plan("chrome", CachePolicy::chrome, false, 1, NOW - WINDOW + 1, 1024, COMPILE_AND_ATTACH),
        plan("chrome", CachePolicy::chrome, false, 1, NOW - WINDOW, 1024, COMPILE_AND_MARK),
        plan("chrome", CachePolicy::chrome, false, 9, NOW - WINDOW - 1, 1024, COMPILE_AND_MARK),
        plan("chrome", CachePolicy::chrome, false, 1, NOW + 1, 1024, COMPILE_AND_MARK),
        plan("chrome", CachePolicy::chrome, false, 5, NOW - 1, 1024, COMPILE_AND_ATTACH),
        plan("chrome", CachePolicy::chrome, false, 1, NOW - 1, 1023, COMPILE),
        plan("chrome", CachePolicy::chrome, true, 0, NEVER, 1024, COMPILE_AND_ATTACH),
        plan("chrome", CachePolicy::chrome, true, 0, NEVER, 1023, COMPILE),
        plan("firefox", CachePolicy::firefox, false, 0, NEVER, 1024, COMPILE_AND_MARK),
        plan("firefox", CachePolicy::firefox, false, 2, NOW - 1, 1024, COMPILE_AND_MARK),
        plan("firefox", CachePolicy::firefox, false, 3, NOW - 1, 1024, COMPILE_AND_ATTACH),
        plan("firefox", CachePolicy::firefox, false, 3, 1, 1024, COMPILE_AND_ATTACH),
        plan("firefox", CachePolicy::firefox, false, 3, NOW + 1, 1024, COMPILE_AND_MARK),
        plan("firefox", CachePolicy::firefox, false, 3, NOW - 1, 1023, COMPILE),
        plan("firefox", CachePolicy::firefox, true, 0, NEVER, 1024, COMPILE_AND_ATTACH),
        plan("eager", CachePolicy::eager, false, 0, NEVER, 0, COMPILE_AND_ATTACH),
        plan("eager", CachePolicy::eager, false, 3, NOW + 1, 1, COMPILE_AND_ATTACH),
        plan("eager", CachePolicy::eager, true, 0, NEVER, 0, COMPILE_AND_ATTACH),
        plan("isolateOnly", CachePolicy::isolateOnly, false, 3, NOW - 1, 5000, COMPILE),
        plan("isolateOnly", CachePolicy::isolateOnly, true, 3, NOW - 1, 5000, COMPILE),
        plan(
            "window",
            () -> CachePolicy.chrome().withWindow(10),
            false,
            1,
            NOW - 9,
            1024,
            COMPILE_AND_ATTACH),
        plan(
            "window",
            () -> CachePolicy.chrome().withWindow(10),
            false,
            1,
            NOW - 10,
            1024,
            COMPILE_AND_MARK),
        plan(
            "fetches",
            () -> CachePolicy.chrome().withFetches(3),
            false,
            1,
            NOW,
            1024,
            COMPILE_AND_MARK),
        plan(
            "fetches",
            () -> CachePolicy.chrome().withFetches(3),
            false,
            2,
            NOW,
            1024,
            COMPILE_AND_ATTACH),
        plan(
            "one fetch",
            () -> CachePolicy.chrome().withFetches(1),
            false,
            0,
            NEVER,
            1024,
            COMPILE_AND_ATTACH),
        plan(
            "no minimum",
            () -> CachePolicy.chrome().withMinimumBytes(0),
            false,
            0,
            NEVER,
            0,
            COMPILE_AND_MARK));
  }

  private static Arguments plan(
      String name,
      Supplier<CachePolicy> policy,
      boolean rejected,
      long seen,
      long lastSeen,
      long length,
      Plan expected) {
    return Arguments.of(name, policy.get(), rejected, seen, lastSeen, length, expected);
  }

  @ParameterizedTest(name = "{0}: code refused {2}, {3} marks, last at {4}, {5} bytes: {6}")
  @MethodSource("plans")
  void plan(
      String name,
      CachePolicy policy,
      boolean rejected,
      long seen,
      long lastSeen,
      long length,
      Plan expected) {
    assertThat(policy.plan(rejected, seen, lastSeen, length, NOW)).as(name).isEqualTo(expected);
  }

  @Test
  void figuresThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CachePolicy.chrome().withWindow(0));
    assertThatIllegalArgumentException().isThrownBy(() -> CachePolicy.chrome().withFetches(0));
  }

  @Test
  void settingOneFigureKeepsTheOthers() {
    CachePolicy changed = CachePolicy.firefox().withMinimumBytes(7);
    assertThat(changed.fetches()).isEqualTo(4);
    assertThat(changed.usesStore(7)).isTrue();
    assertThat(changed.usesStore(6)).isFalse();
    assertThat(CachePolicy.isolateOnly().withMinimumBytes(0).usesStore(1)).isFalse();
  }
}
