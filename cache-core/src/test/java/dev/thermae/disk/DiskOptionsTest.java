package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Coding;
import dev.thermae.testing.ChildJvm;
import org.junit.jupiter.api.Test;

class DiskOptionsTest {
  /** A process whose first touch of the options is how bodies are packed. */
  static final class PackingFirst {
    private PackingFirst() {}

    public static void main(String[] arguments) {
      DiskOptions.Packing chosen = new DiskOptions.Packing(Coding.NONE, Coding.NONE, 1);
      ChildJvm.say(DiskOptions.DEFAULTS.packing() + " " + chosen.minimumBytes());
    }
  }

  @Test
  void defaultsAreTheSameWhicheverPartIsTouchedFirst() throws Exception {
    try (ChildJvm child = ChildJvm.start(PackingFirst.class)) {
      assertThat(child.finish()).containsExactly(DiskOptions.DEFAULTS.packing() + " 1");
    }
  }
}
