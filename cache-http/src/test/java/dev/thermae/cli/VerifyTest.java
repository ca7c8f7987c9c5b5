package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.disk.KeyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code thermae verify}: finds every kind of damage, tells where and why, and nothing else. */
class VerifyTest extends CommandFixture {
  @BeforeEach
  void fill() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600", "ETag: \"1\"");
    answer("/b.js", SCRIPT + "//b", "Cache-Control: max-age=600");
    assertThat(run("load", url("/a.js"), url("/b.js"), "--policy", "eager", "--repeat", "2"))
        .as(err())
        .isZero();
  }

  private List<String> flaws(String... args) {
    List<String> all = new ArrayList<>(List.of("verify", "--json"));
    all.addAll(List.of(args));
    int code = run(all.toArray(new String[0]));
    List<String> flaws = new ArrayList<>();
    for (JsonNode finding : json().get("findings")) {
      flaws.add(finding.get("flaw").asString() + " " + finding.path("rejection").asString("-"));
      assertThat(Path.of(finding.get("path").asString()).getParent()).isNotNull();
    }
    long told = json().get("damaged").asLong() + json().get("unchecked").asLong();
    assertThat(code).as(out()).isEqualTo(told == 0 ? 0 : 1);
    return flaws;
  }

  @Test
  void aWholeFolderIsWhole() throws IOException {
    assertThat(flaws("--recompile")).isEmpty();
    assertThat(json().get("resources").asInt()).isEqualTo(2);
    assertThat(json().get("files").asInt()).isEqualTo(files("").size());
    assertThat(json().at("/recompiled/same").asInt()).isEqualTo(2);
    assertThat(json().at("/recompiled/otherBuilds").asInt()).isZero();
    assertThat(run("verify", "--recompile")).isZero();
    assertThat(out()).contains("2 resources").contains("0 damaged").contains("2 the same");
    assertThat(run("purge", url("/a.js"))).isZero();
    assertThat(flaws()).as("an invalidated resource is whole").isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    ".h, 40, head SEAL",
    ".h, 0, head MAGIC",
    ".b, 40, body SEAL",
    ".c, 200, code SEAL",
    ".c, 5, code FORMAT",
  })
  void everyFlippedBitIsTold(String end, int at, String flaw) throws IOException {
    Path file = files(end).get(0);
    flip(file, at);
    assertThat(flaws()).contains(flaw);
    assertThat(out()).contains(file.toString().replace("\\", "\\\\"));
    assertThat(flaws("--delete")).contains(flaw);
    assertThat(file).doesNotExist();
    flaws("--delete"); // what the file held together
    assertThat(run("load", url("/a.js"), url("/b.js"))).isZero();
    assertThat(flaws()).isEmpty();
  }

  @Test
  void truncatedAndEmptyFiles() throws IOException {
    Path body = files(".b").get(0);
    Files.write(body, new byte[0]);
    Path code = files(".c").get(1);
    Files.write(code, new byte[3]);
    assertThat(flaws()).containsExactlyInAnyOrder("body SEAL", "code TRUNCATED");
    Files.delete(body);
    assertThat(flaws()).containsExactlyInAnyOrder("body_missing TRUNCATED", "code TRUNCATED");
  }

  @Test
  void filesThatChangedPlaces() throws IOException {
    Path one = files(".c").get(0);
    Path other = files(".c").get(1);
    byte[] kept = Files.readAllBytes(one);
    Files.copy(other, one, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(flaws()).containsExactly("code SOURCE");
    Files.write(one, kept);
    Path slot =
        one.resolveSibling(
            one.getFileName().toString().replaceAll(".{18}$", "0".repeat(16) + ".c"));
    Files.copy(one, slot);
    assertThat(flaws()).containsExactly("misplaced FINGERPRINT");
    Files.delete(slot);
    List<Path> heads = files(".h");
    Files.copy(heads.get(0), heads.get(1), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(flaws()).contains("misplaced KEY");
  }

  @Test
  void aRecordOfAFingerprint() throws IOException {
    try (Stream<Path> records = Files.list(folder.resolve("v1/fingerprints"))) {
      flip(records.findFirst().orElseThrow(), 60);
    }
    assertThat(flaws()).containsExactly("fingerprint SEAL");
  }

  @Test
  void leftoversAreHarmlessAndYoungOnesAreNotEvenTold() throws IOException {
    Path body = files(".b").get(0);
    Path stray =
        body.resolveSibling(
            body.getFileName()
                .toString()
                .replaceAll("\\.[0-9a-f]{32}\\.b$", "." + "1".repeat(32) + ".b"));
    Files.write(stray, new byte[9]);
    Path temporary = folder.resolve("v1/temporary/1-1.t");
    Files.write(temporary, new byte[9]);
    Path odd = body.resolveSibling("notes.txt");
    Files.write(odd, new byte[9]);
    assertThat(flaws()).containsExactly("unknown -");
    FileTime old = FileTime.from(Instant.now().minusSeconds(3_600));
    Files.setLastModifiedTime(stray, old);
    Files.setLastModifiedTime(temporary, old);
    assertThat(flaws()).containsExactlyInAnyOrder("unreferenced -", "left_over -", "unknown -");
    assertThat(json().get("damaged").asInt()).isZero();
    assertThat(run("gc")).isZero();
    assertThat(temporary).doesNotExist();
    assertThat(flaws("--delete")).hasSizeGreaterThanOrEqualTo(1);
    assertThat(flaws()).isEmpty();
    assertThat(odd).doesNotExist();
  }

  /** A link is told of and removed itself; what it leads to is neither read nor touched. */
  @Test
  void linksAreNotFollowed() throws IOException {
    Path outside = folder.resolveSibling("outside");
    Path code = files(".c").get(0);
    Files.move(code, outside);
    Files.createSymbolicLink(code, outside);
    flip(outside, 99); // who follows the link has more to tell
    Path tree = folder.resolveSibling("tree");
    Files.createDirectories(tree.resolve("aa"));
    Files.write(tree.resolve("aa").resolve("x.h"), new byte[1]);
    Files.createSymbolicLink(folder.resolve("v1/entries/zz"), tree);
    assertThat(flaws()).containsExactlyInAnyOrder("not_a_file -", "not_a_file -");
    assertThat(run("stats", "--json")).isZero();
    assertThat(json().at("/code/count").asInt()).isEqualTo(2);
    flaws("--delete");
    assertThat(outside).exists();
    assertThat(tree.resolve("aa").resolve("x.h")).exists();
    assertThat(Files.isSymbolicLink(code)).isFalse();
    assertThat(flaws()).isEmpty();
  }

  /** Whoever opened it would wait for a writer for ever. */
  @Test
  void aPipeIsNotOpened() throws Exception {
    for (String end : List.of(".h", ".b", ".c")) {
      Path file = files(end).get(0);
      Files.delete(file);
      Process made = new ProcessBuilder("mkfifo", file.toString()).start();
      assertThat(made.waitFor()).isZero();
    }
    assertThat(flaws("--recompile")).contains("not_a_file -");
    assertThat(run("stats")).isZero();
    flaws("--delete");
    flaws("--delete");
    assertThat(flaws("--recompile")).isEmpty();
  }

  @Test
  void codeThatDiffersFromAFreshCompile() throws IOException {
    // What a broken engine, or one that is not reproducible, would have left: sealed and wrong.
    ForgedCode.forge(folder, url("/a.js"), SCRIPT);
    assertThat(flaws()).isEmpty();
    assertThat(flaws("--recompile")).containsExactly("recompiled -");
    assertThat(json().at("/recompiled/same").asInt()).isEqualTo(1);
    assertThat(json().at("/recompiled/different").asInt()).isEqualTo(1);
    assertThat(json().at("/findings/0/detail").asString())
        .contains("differs from a fresh compile at byte ");
  }

  @Test
  void aFolderThatNobodyMayWrite() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.setPosixFilePermissions(
            path,
            PosixFilePermissions.fromString(Files.isDirectory(path) ? "r-x------" : "r--------"));
      }
    }
    try {
      assertThat(flaws("--recompile")).isEmpty();
      assertThat(run("stats")).isZero();
      assertThat(run("inspect", url("/a.js"))).isZero();
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(Files::isDirectory).forEach(path -> path.toFile().setWritable(true));
      }
    }
  }

  @Test
  void wrongUse() {
    assertThat(run("verify", "--dir", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err()).startsWith("thermae: there is no cache folder at ").hasLineCount(1);
    assertThat(run("verify", "--recompile", "--engine", "v9")).isEqualTo(2);
    assertThat(err()).contains("--engine: no engine is called v9");
  }

  /** As where the command's JVM knows fewer charsets than the one that stored it. */
  @Test
  void aCharsetThatIsNotKnownHere() throws IOException {
    ForgedHead.forge(folder, url("/a.js"), "x-unknown-here");
    assertThat(run("verify", "--recompile")).as(out()).isEqualTo(1); // the slot
    assertThat(run("stats")).as(err()).isZero();
    assertThat(run("inspect", url("/a.js"))).as(err()).isZero();
    assertThat(run("explain", url("/a.js"))).as(err()).isZero();
    assertThat(run("load", url("/a.js"))).isIn(0, 1);
    assertThat(err()).doesNotContain("Exception");
  }

  /** All of it looked damaged, and was deleted. */
  @Test
  void whatIsSignedIsNotDeletedWithoutItsKeys(@TempDir Path keys) throws IOException {
    KeyFolder.rotate(keys);
    folder = folder.resolveSibling("signed");
    assertThat(run("load", url("/a.js"), "--policy", "eager", "--keys", keys.toString()))
        .as(err())
        .isZero();
    for (Path file : files("")) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3_600)));
    }
    List<Path> before = files("");
    assertThat(flaws("--delete")).contains("foreign FORMAT");
    assertThat(files("")).isEqualTo(before);
    assertThat(run("verify", "--keys", keys.toString())).as(out()).isZero();
  }
}
