package dev.thermae.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.file.Bursts.Burst;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Many events, one change; in made-up nanoseconds. */
class BurstsTest {
  private static final long START = Long.MAX_VALUE - 500; // nanoTime may wrap
  private final Bursts bursts = new Bursts(100);
  private final Path one = Path.of("one");
  private final Path two = Path.of("two");

  @Test
  void dueWhenQuiet() {
    assertThat(bursts.next(START)).isEqualTo(-1);
    bursts.note(one, false, START);
    bursts.note(one, true, START + 60);
    bursts.note(one, false, START + 120);
    assertThat(bursts.next(START + 120)).isEqualTo(100);
    assertThat(bursts.due(START + 219)).isEmpty();
    assertThat(bursts.due(START + 220)).containsExactly(new Burst(one, true, START, START + 120));
    assertThat(bursts.due(START + 1000)).isEmpty();
    assertThat(bursts.next(START + 1000)).isEqualTo(-1);
  }

  @Test
  void neverQuietIsDueAllTheSame() {
    for (int i = 0; i < 20; i++) {
      bursts.note(one, false, START + 50L * i);
      assertThat(bursts.due(START + 50L * i)).isEmpty();
    }
    bursts.note(one, false, START + 999);
    assertThat(bursts.next(START + 999)).isEqualTo(1);
    assertThat(bursts.due(START + 1000)).hasSize(1);
  }

  @Test
  void pathsDoNotDelayEachOther() {
    bursts.note(one, false, START);
    bursts.note(two, false, START + 90);
    assertThat(bursts.next(START + 90)).isEqualTo(10);
    assertThat(bursts.due(START + 100)).extracting(Burst::path).containsExactly(one);
    assertThat(bursts.due(START + 190)).extracting(Burst::path).containsExactly(two);
  }
}
