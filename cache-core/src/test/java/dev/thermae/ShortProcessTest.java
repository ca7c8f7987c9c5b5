package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.disk.FolderCheck;
import dev.thermae.testing.ChildJvm;
import dev.thermae.testing.ShortProgram;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that ends right after its warm run has kept its code all the same. */
class ShortProcessTest {
  @TempDir Path folder;

  private String run(String end) throws Exception {
    try (ChildJvm child = ChildJvm.start(ShortProgram.class, end, folder.toString())) {
      return String.join(", ", child.finish());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"return", "exit", "interrupted"})
  void nextProcessIsHot(String end) throws Exception {
    String flag = String.valueOf(end.equals("interrupted"));
    assertThat(run(end)).isEqualTo("COLD " + flag);
    FolderCheck.noTemporaries(folder);
    assertThat(run(end)).isEqualTo("HOT " + flag);
    assertThat(run(end)).isEqualTo("HOT " + flag);
  }
}
