package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code thermae purge} makes room where there is not even any for a note of it. */
class FullDiskPurgeTest extends CommandFixture {
  @TempDir Path home;
  private Path mount;

  private static boolean runs(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  @BeforeEach
  void mount() throws Exception {
    boolean root =
        Files.isDirectory(Path.of("/proc/self"))
            && (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    assumeTrue(root, "only root mounts");
    Path small = Files.createDirectory(home.resolve("small"));
    assumeTrue(
        runs("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", small.toString()),
        "mounting is not allowed here");
    mount = small;
    folder = mount.resolve("cache");
    for (String path : new String[] {"/a.js", "/b.js"}) {
      answer(path, SCRIPT + path, "Cache-Control: max-age=600");
      assertThat(run("load", url(path), "--policy", "eager")).as(err()).isZero();
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (mount != null) {
      runs("umount", "-l", mount.toString());
    }
  }

  private void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(mount.resolve("filler"))) {
      byte[] page = new byte[4_096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @Test
  void oneUrl() throws IOException {
    fill();
    assertThat(run("purge", url("/a.js"))).as(err()).isZero();
    assertThat(files(".b")).hasSize(1);
    assertThat(files(".c")).hasSize(1);
    assertThat(run("explain", url("/a.js"), "--json")).isZero();
    assertThat(json().at("/urls/0/stored").asBoolean()).isFalse();
    assertThat(run("explain", url("/b.js"), "--json")).isZero();
    assertThat(json().at("/urls/0/stored").asBoolean()).isTrue();
    assertThat(run("verify")).as(out()).isZero();
  }

  @Test
  void everything() throws IOException {
    fill();
    assertThat(run("purge", "--all")).as(err()).isZero();
    assertThat(files(".b")).isEmpty();
    assertThat(files(".c")).isEmpty();
    assertThat(run("verify")).as(out()).isZero();
  }
}
