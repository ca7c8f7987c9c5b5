package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.file.Bursts.Burst;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many events, one change; in made-up nanoseconds. */
class BurstsTest {
  private long start;
  private final Bursts bursts = new Bursts(100);
  private final Path one = Path.of("one");
  private final Path two = Path.of("two");

  /** Such times wrap. */
  @BeforeEach
  void startBeforeTheTurn() {
    start = Long.MAX_VALUE - 500;
  }

  @Test
  void dueWhenQuiet() {
    assertThat(bursts.next(start)).isEqualTo(-1);
    bursts.note(one, false, start);
    bursts.note(one, true, start + 60);
    bursts.note(one, false, start + 120);
    assertThat(bursts.next(start + 120)).isEqualTo(100);
    assertThat(bursts.due(start + 219)).isEmpty();
    assertThat(bursts.due(start + 220)).containsExactly(new Burst(one, true, start, start + 120));
    assertThat(bursts.due(start + 1000)).isEmpty();
    assertThat(bursts.next(start + 1000)).isEqualTo(-1);
  }

  @Test
  void neverQuietIsDueAllTheSame() {
    for (int i = 0; i < 20; i++) {
      bursts.note(one, false, start + 50L * i);
      assertThat(bursts.due(start + 50L * i)).isEmpty();
    }
    bursts.note(one, false, start + 999);
    assertThat(bursts.next(start + 999)).isEqualTo(1);
    assertThat(bursts.due(start + 1000)).hasSize(1);
  }

  @Test
  void pathsDoNotDelayEachOther() {
    bursts.note(one, false, start);
    bursts.note(two, false, start + 90);
    assertThat(bursts.next(start + 90)).isEqualTo(10);
    assertThat(bursts.due(start + 100)).extracting(Burst::path).containsExactly(one);
    assertThat(bursts.due(start + 190)).extracting(Burst::path).containsExactly(two);
  }
}
