package dev.thermae.engine.v8;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class V8LibraryTest {
  @TempDir Path folder;

  private Path process() throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                LibraryProcess.class.getName(),
                folder.resolve("library").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    assertThat(lines).hasSize(2).element(1).isEqualTo("42");
    assertThat(temporary).as("nothing is unpacked elsewhere").isEmptyDirectory();
    return Path.of(lines.get(0));
  }

  @Test
  void unpacksOnce() throws Exception {
    Path library = process();
    FileTime time = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(library, time);

    assertThat(process()).isEqualTo(library);
    assertThat(Files.getLastModifiedTime(library)).as("the same file").isEqualTo(time);

    byte[] bytes = Files.readAllBytes(library);
    bytes[bytes.length / 2] ^= 1;
    Files.write(library, bytes);
    process();
    bytes[bytes.length / 2] ^= 1;
    assertThat(Files.readAllBytes(library)).as("what was damaged is replaced").isEqualTo(bytes);
    assertThat(library.getParent()).isDirectoryNotContaining("glob:**unpacking*");
  }

  @Test
  void refusesAFolderThatOthersMayWriteTo() throws Exception {
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxr-x"));

    assertThatIOException()
        .isThrownBy(() -> V8Library.keepIn(open))
        .withMessageContaining("others may write");
    assertThat(open).isEmptyDirectory();
  }
}
