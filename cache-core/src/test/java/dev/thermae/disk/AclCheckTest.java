package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclCheckTest {
  @TempDir Path folder;

  /** Where there are modes instead of lists nothing is checked by lists, and nothing is refused. */
  @Test
  void withoutListsNothingIsChecked() throws IOException {
    boolean lists = Files.getFileStore(folder).supportsFileAttributeView("acl");
    assertThat(AclCheck.require(folder, folder)).isEqualTo(lists);
    assertThat(AclCheck.isBlind(folder)).isFalse();
  }
}
