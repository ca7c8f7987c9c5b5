package dev.thermae.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random scripts of an origin and its readers, told to the real parts and to a model of RFC 9111:
 * they agree on every response, on what it cost, and on which code ran.
 *
 * <p>{@code -Dthermae.model.scripts=20000} runs so many, {@code -Dthermae.model.seed=7} begins with
 * that seed. A failure prints its seed and the steps without which there is none.
 */
@Tag("once")
class ModelTest {
  private static final int SCRIPTS = Integer.getInteger("thermae.model.scripts", 1_500);
  private static final long SEED = Long.getLong("thermae.model.seed", 1);

  /** One script in so many is told to a folder. */
  private static final int DISK = 10;

  @TempDir Path folder;
  private int folders;

  @Test
  void everyScriptGoesAsTheModelSays() throws IOException {
    for (long seed = SEED; seed < SEED + SCRIPTS; seed++) {
      ModelScript script = ModelScript.of(seed, seed % DISK == 0);
      String difference = difference(script);
      if (difference != null) {
        ModelScript shrunk = shrunk(script);
        String both = shrunk + "\n" + difference(shrunk) + "\nunshrunk: " + difference;
        assertThat(both).as("after %s scripts", seed - SEED + 1).isNull();
      }
    }
  }

  private String difference(ModelScript script) throws IOException {
    Path own = script.disk() ? Files.createDirectory(folder.resolve("f" + folders++)) : folder;
    return ModelRun.difference(script, own);
  }

  /** The script without every step that it fails without. */
  private ModelScript shrunk(ModelScript script) throws IOException {
    ModelScript shortest = script;
    for (int i = script.steps().size() - 1; i >= 0; i--) {
      List<ModelScript.Step> fewer = new ArrayList<>(shortest.steps());
      fewer.remove(i);
      ModelScript shorter = shortest.with(fewer);
      if (difference(shorter) != null) {
        shortest = shorter;
      }
    }
    return shortest;
  }
}
