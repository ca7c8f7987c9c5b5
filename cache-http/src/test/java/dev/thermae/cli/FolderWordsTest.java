package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that cannot be used is told of in the same words by every command. */
class FolderWordsTest extends CommandFixture {
  private int on(String command, Path dir) {
    return switch (command) {
      case "purge" -> run(command, "--all", "--dir", dir.toString());
      case "explain", "inspect" -> run(command, url("/a.js"), "--dir", dir.toString());
      default -> run(command, "--dir", dir.toString());
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "inspect", "stats", "verify", "gc", "purge"})
  void aFileAndAnOpenFolder(String command) throws IOException {
    Path file = Files.writeString(folder.resolveSibling("file"), "text");
    assertThat(on(command, file)).as(out()).isEqualTo(1);
    assertThat(err()).startsWith("thermae: " + file + " is not a folder").hasLineCount(1);
    Path open = Files.createDirectory(folder.resolveSibling("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(on(command, open)).as(out()).isEqualTo(1);
    assertThat(err()).startsWith("thermae: " + open + " is writable by others").hasLineCount(1);
    assertThat(open).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"explain", "inspect", "stats", "verify", "gc", "purge"})
  void somebodyElsesFolderIsNotToBeRemoved(String command) throws IOException {
    assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0);
    Path theirs = Files.createDirectories(folder.resolveSibling("theirs").resolve("v1"));
    for (Path path : new Path[] {theirs, theirs.getParent()}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      Files.setAttribute(path, "unix:uid", 2);
    }
    assertThat(on(command, theirs.getParent())).isEqualTo(1);
    assertThat(err())
        .contains("belongs to user 2", "run it as that user")
        .doesNotContain("remove")
        .hasLineCount(1);
  }

  @Test
  void anEmptyNameIsRefused() {
    assertThat(run("load", url("/a.js"), "--dir", "")).isEqualTo(2);
    assertThat(err()).contains("--dir");
    assertThat(Path.of("v1")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "gc, --max-bytes, 256MiB, 0",
    "gc, --max-bytes, 268435456, 0",
    "stats, --max-bytes, 1GiB, 0",
    "gc, --max-bytes, much, 2",
    "gc, --max-bytes, 256XB, 2",
    "gc, --max-entries, many, 2",
    "stats, --top, all, 2",
    "load, --repeat, often, 2",
  })
  void sizes(String command, String option, String value, int code) throws IOException {
    Files.createDirectories(
        folder.resolve("v1"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    String[] args = {command, option, value};
    int ended = command.equals("load") ? run(command, "x:", option, value) : run(args);
    assertThat(ended).as(err()).isEqualTo(code);
    assertThat(err()).doesNotContain("is not a long", "is not an int");
    if (code == 2) {
      assertThat(err()).contains(option, value);
    }
  }
}
