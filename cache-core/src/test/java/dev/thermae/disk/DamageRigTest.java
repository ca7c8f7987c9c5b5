package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A slice of {@link DamageRig}; {@code -Dthermae.damage.edits=1000000} is all of it. */
class DamageRigTest {
  @Test
  void nothingDamagedIsBelieved() throws IOException {
    int edits = Integer.getInteger("thermae.damage.edits", 20_000);
    int mixes = Integer.getInteger("thermae.damage.mixes", edits / 10);
    long seed = Long.getLong("thermae.damage.seed", System.nanoTime());
    String figures = DamageRig.run(edits, mixes, seed);
    System.out.println(figures);
    assertThat(figures).contains("0 wrong");
  }
}
