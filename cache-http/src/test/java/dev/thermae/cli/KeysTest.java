package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code thermae keys}, and signed folders as the other commands see them. */
class KeysTest extends CommandFixture {
  @TempDir Path home;
  private Path keys;

  @BeforeEach
  void serve() {
    keys = home.resolve("deep").resolve("keys");
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    answer("/b.js", SCRIPT + "//b", "Cache-Control: max-age=600");
  }

  private int keys(String... args) {
    return runAlone(args);
  }

  private void load(String path, String... more) {
    String[] args = {"load", url(path), "--policy", "eager", "--keys", keys.toString()};
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    assertThat(run(all)).as(err()).isZero();
  }

  @Test
  void keysAreMadeAndListed() throws IOException {
    assertThat(keys("keys", "rotate", keys.toString())).as(err()).isZero();
    assertThat(out()).contains("key 1").contains("signs");
    assertThat(keys("keys", "rotate", keys.toString())).as(err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve("2.key"))))
        .isEqualTo("rw-------");
    assertThat(keys("keys", "list", keys.toString())).as(err()).isZero();
    assertThat(out().lines()).hasSize(2);
    assertThat(out()).containsPattern("key 1: .*accepted").containsPattern("key 2: .*signs");
    assertThat(out())
        .doesNotContain(HexFormat.of().formatHex(Files.readAllBytes(keys.resolve("1.key"))));
    assertThat(keys("keys", "list", keys.toString(), "--json")).isZero();
    assertThat(json().at("/keys/1/number").asInt()).isEqualTo(2);
    assertThat(json().at("/keys/1/signs").asBoolean()).isTrue();
    load("/a.js");
    assertThat(run("verify", "--keys", keys.toString())).as(out()).isZero();
  }

  @Test
  void whoHasNoKeyIsToldTheCommand() throws IOException {
    assertThat(run("load", url("/a.js"), "--keys", keys.toString())).isEqualTo(2);
    assertThat(err()).contains("thermae keys rotate " + keys);
    Files.createDirectories(keys);
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
    assertThat(run("load", url("/a.js"), "--keys", keys.toString())).isEqualTo(2);
    assertThat(err()).contains("holds no key", "thermae keys rotate " + keys);
    assertThat(keys("keys", "list", home.resolve("none").toString())).isEqualTo(1);
    assertThat(err()).startsWith("thermae: ").hasLineCount(1);
  }

  @Test
  void whatNoKeyJudgesIsNotChecked() throws IOException {
    keys("keys", "rotate", keys.toString());
    load("/a.js");
    assertThat(run("verify")).isEqualTo(1);
    assertThat(out()).contains("signed, and no --keys was given", "0 damaged", "not checked: 2");
    keys("keys", "rotate", keys.toString());
    load("/b.js");
    Files.delete(keys.resolve("1.key"));
    assertThat(run("verify", "--keys", keys.toString())).isEqualTo(1);
    assertThat(out()).contains("key 1 is not in " + keys, "0 damaged");
    int before = files("").size();
    assertThat(run("verify", "--delete", "--keys", keys.toString())).isEqualTo(1);
    assertThat(files("")).hasSize(before);
  }

  @Test
  void whatIsDamagedForSureIsDeletedWithTheKeys() throws IOException {
    keys("keys", "rotate", keys.toString());
    load("/a.js");
    load("/b.js", "--namespace", "other");
    Path code = null;
    for (Path file : files(".c")) {
      boolean ours = Files.exists(head(file));
      assertThat(ours).isTrue();
      code = code == null && isOf(head(file), "/a.js") ? file : code;
    }
    flip(code, 200);
    int before = files("").size();
    assertThat(run("verify", "--delete", "--keys", keys.toString())).isEqualTo(1);
    assertThat(out()).contains("1 damaged").contains("of another namespace");
    assertThat(code).doesNotExist();
    assertThat(files("")).hasSize(before - 1);
    flip(head(code), 120); // the head says whose it is all the same
    assertThat(run("verify", "--delete", "--keys", keys.toString())).isEqualTo(1);
    assertThat(head(code)).doesNotExist();
    String[] theirs = {"verify", "--keys", keys.toString(), "--namespace", "other", "--json"};
    assertThat(run(theirs)).as("ours are left, which it cannot check").isEqualTo(1);
    assertThat(json().get("damaged").asInt()).as("only what is ours was touched").isZero();
  }

  private static Path head(Path file) {
    return file.resolveSibling(file.getFileName().toString().substring(0, 32) + ".h");
  }

  private static boolean isOf(Path head, String path) throws IOException {
    byte[] bytes = Files.readAllBytes(head);
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).contains(path);
  }
}
