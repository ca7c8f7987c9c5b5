package dev.thermae.http.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token comes from, and who presents it. */
class AdminTokenTest {
  @TempDir private Path folder;

  @Test
  void aMissingFileIsMadeForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("new/token");
    AdminToken token = AdminToken.read(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String text = Files.readString(file).strip();
    assertThat(text).hasSize(43);
    assertThat(token.isPresentedBy("Bearer " + text)).isTrue();
    assertThat(AdminToken.read(file).isPresentedBy("bearer " + text)).isTrue();
    assertThat(AdminToken.read(folder.resolve("other")).isPresentedBy("Bearer " + text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx-w----"})
  void aFileForOthersIsRefused(String mode) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "0123456789abcdef");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    assertThatThrownBy(() -> AdminToken.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 600");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "short", "0123456789 abcdef", "0123456789abcd\u00e9f", "a\nbbbbbbbbbbbbbbbb"})
  void whatIsNoTokenIsRefused(String text) throws Exception {
    assertThatThrownBy(() -> AdminToken.of(text)).isInstanceOf(IllegalArgumentException.class);
    Path file = Files.writeString(folder.resolve("token"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> AdminToken.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void aFolderIsNoToken() {
    assertThatThrownBy(() -> AdminToken.read(folder)).isInstanceOf(IOException.class);
  }
}
