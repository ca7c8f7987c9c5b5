package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.LargeFileProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that has grown, as damage can have it, is a miss though the heap cannot hold it. */
class LargeFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({".c, 900000000", ".h, 67000000"})
  void isAMiss(String end, long length) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            LargeFileProgram.class,
            List.of("-Xmx32m"),
            Map.of(),
            folder.resolve("cache").toString(),
            end,
            Long.toString(length))) {
      List<String> said = child.finish();
      assertThat(said.subList(0, 2)).containsExactly("COLD", "HOT");
      assertThat(said.get(2)).isIn("COLD", "WARM");
    }
  }
}
