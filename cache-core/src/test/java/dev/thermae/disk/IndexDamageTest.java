package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.FastFolder;
import dev.thermae.testing.Openings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slice of {@link IndexDamageRig}; {@code -Dthermae.damage.index=100000} is all of it. */
@Tag("once")
class IndexDamageTest {
  @TempDir(factory = FastFolder.class)
  Path folder;

  @Test
  void noDamagedIndexReachesChronicleMap() throws Exception {
    int mixes = Integer.getInteger("thermae.damage.index", 200);
    long seed = Long.getLong("thermae.damage.seed", System.nanoTime());
    String[] arguments = {
      folder.toString(),
      String.valueOf(mixes),
      String.valueOf(Math.min(500, 5 + mixes / 100)),
      String.valueOf(seed)
    };
    try (ChildJvm child =
        ChildJvm.start(IndexDamageRig.class, Openings.ofThisJvm(), Map.of(), arguments)) {
      List<String> said = child.finish();
      said.forEach(System.out::println);
      assertThat(said).hasSize(3).last().asString().contains("0 wrong, 0 crashes");
    }
  }
}
