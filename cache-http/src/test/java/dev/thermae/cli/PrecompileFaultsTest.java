package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code thermae precompile} says and does when not all goes well. */
class PrecompileFaultsTest extends CommandFixture {
  @TempDir Path scripts;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(scripts.resolve("a.js"), SCRIPT);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void parentsThatAreMadeLeadToTheBase() throws IOException {
    Path there = Files.createDirectory(folder.resolveSibling("there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));
    Path base = there.resolve("image/deep/thermae");
    assertThat(run("precompile", "--finish", scripts.toString(), "--dir", base.toString()))
        .as(err())
        .isZero();
    assertThat(mode(there.resolve("image"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(there.resolve("image/deep"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(base)).isEqualTo("r-xr-xr-x");
    assertThat(mode(there)).as("not made here").isEqualTo("rwx------");
    assertThat(err()).contains(there + " is closed to others").doesNotContain("deep is closed");
  }

  @Test
  void aBrokenScriptLeavesTheFolderUnfinished() throws IOException {
    Files.writeString(scripts.resolve("broken.js"), "var a = ;");
    assertThat(run("precompile", "--finish", scripts.toString())).isEqualTo(1);
    assertThat(err()).contains("broken.js", "not finished");
    assertThat(mode(folder)).isEqualTo("rwx------");
    Files.delete(scripts.resolve("broken.js"));
    assertThat(run("precompile", "--finish", scripts.toString())).as(err()).isZero();
    assertThat(mode(folder)).isEqualTo("r-xr-xr-x");
  }

  @Test
  void nothingThatMatchesIsAnError() {
    assertThat(run("precompile", "--finish", scripts.toString(), "--match", "**.x")).isEqualTo(1);
    assertThat(err()).contains("no file in " + scripts, "**.x").hasLineCount(1);
    assertThat(folder).doesNotExist();
    assertThat(run("precompile", "nosuch")).isEqualTo(1);
    assertThat(err()).startsWith("thermae: nosuch: there is no such file").hasLineCount(1);
  }

  /** A file in the place of the folder that everything is written to first. */
  @Test
  void whatCouldNotBeStoredIsToldWithItsReason() throws IOException {
    assertThat(run("precompile", scripts.toString())).isZero();
    Files.writeString(scripts.resolve("b.js"), SCRIPT + "//b");
    Path temporary = folder.resolve("v1/temporary");
    assumeTrue(Files.isDirectory(temporary));
    Files.delete(temporary);
    Files.writeString(temporary, "in the way");
    assertThat(run("precompile", scripts.toString())).isEqualTo(1);
    assertThat(err()).contains("b.js: its code could not be stored: ", "temporary");
    answer("/c.js", SCRIPT + "//c", "Cache-Control: max-age=600");
    assertThat(run("load", url("/c.js"))).as(err()).isZero();
    assertThat(out()).contains("the response could not be stored").doesNotContain("neither");
    answer("/d.js", SCRIPT + "//d", "Cache-Control: no-store");
    assertThat(run("load", url("/d.js"))).isZero();
    assertThat(out()).doesNotContain("could not be stored");
  }
}
