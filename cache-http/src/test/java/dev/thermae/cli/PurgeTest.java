package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code thermae purge}: what was named goes, and nothing else. */
class PurgeTest extends CommandFixture {
  private static final String MINUTES = "Cache-Control: max-age=600";

  @BeforeEach
  void fill() {
    for (String path : List.of("/a/1.js", "/a/2.js", "/b/1.js")) {
      answer(path, SCRIPT + "//" + path, MINUTES);
    }
    load(url("/a/1.js"), url("/a/2.js"), url("/b/1.js"));
  }

  private void load(String... urls) {
    List<String> args = new ArrayList<>(List.of("load", "--policy", "eager"));
    args.addAll(List.of(urls));
    assertThat(run(args.toArray(new String[0]))).as(err()).isZero();
  }

  private List<String> purged(String... args) {
    List<String> all = new ArrayList<>(List.of("purge", "--json"));
    all.addAll(List.of(args));
    assertThat(run(all.toArray(new String[0]))).as(err()).isZero();
    TreeSet<String> paths = new TreeSet<>();
    for (JsonNode one : json().get("purged")) {
      paths.add(one.get("url").asString().replace(url("/"), "/"));
    }
    return List.copyOf(paths);
  }

  private String temperature(String path) {
    assertThat(run("explain", url(path), "--json")).isZero();
    return json().at("/urls/0/nextRun/temperature").asString();
  }

  @ParameterizedTest
  @CsvSource({
    "URL/a/1.js, /a/1.js",
    "URL/a/1.js URL/b/1.js, /a/1.js /b/1.js",
    "--prefix URL/a/, /a/1.js /a/2.js",
    "--prefix URL/a/1 --prefix URL/b, /a/1.js /b/1.js",
    "--host HOST, /a/1.js /a/2.js /b/1.js",
    "--host example.org, ''",
    "--all, /a/1.js /a/2.js /b/1.js",
    "URL/none.js, ''",
    "--all --namespace other, /a/1.js /a/2.js /b/1.js",
    "--host HOST --namespace other, ''",
  })
  void whatIsNamedGoes(String line, String expected) throws IOException {
    String args =
        line.replace("URL", url("/").replaceAll("/$", "")).replace("HOST", origin.getHostName());
    List<String> paths = expected.isEmpty() ? List.of() : List.of(expected.split(" ", -1));
    List<String> dry = new ArrayList<>(List.of(args.split(" ", -1)));
    dry.add("--dry-run");
    assertThat(purged(dry.toArray(new String[0]))).isEqualTo(paths);
    assertThat(files(".b")).hasSize(3);
    assertThat(purged(args.split(" ", -1))).isEqualTo(paths);
    assertThat(files(".b")).hasSize(3 - paths.size());
    assertThat(files(".c")).hasSize(3 - paths.size());
    for (String path : List.of("/a/1.js", "/a/2.js", "/b/1.js")) {
      assertThat(temperature(path)).as(path).isEqualTo(paths.contains(path) ? "cold" : "hot");
    }
    assertThat(run("verify")).as(out()).isZero();
    assertThat(purged(args.split(" ", -1))).as("once").isEmpty();
  }

  @Test
  void codeAlone() throws IOException {
    assertThat(purged(url("/a/1.js"), "--code-only")).containsExactly("/a/1.js");
    assertThat(files(".b")).hasSize(3);
    assertThat(files(".c")).hasSize(2);
    assertThat(temperature("/a/1.js")).isEqualTo("cold");
    int requests = origin.getRequestCount();
    load(url("/a/1.js"));
    assertThat(origin.getRequestCount()).isEqualTo(requests);
    assertThat(temperature("/a/1.js")).isEqualTo("hot");
  }

  @Test
  void everyVariantGoes() throws IOException {
    answer("/v.js", SCRIPT, MINUTES, "Vary: X-A");
    assertThat(run("load", url("/v.js"), "-H", "X-A: 1")).isZero();
    assertThat(run("load", url("/v.js"), "-H", "X-A: 2")).isZero();
    assertThat(files(".b")).hasSize(5);
    assertThat(purged(url("/v.js"))).containsExactly("/v.js");
    assertThat(files(".b")).hasSize(3);
    assertThat(run("explain", url("/v.js"), "-H", "X-A: 2", "--json")).isZero();
    assertThat(json().at("/urls/0/stored").asBoolean()).isFalse();
  }

  @Test
  void text() {
    assertThat(run("purge", url("/a/1.js"), "--dry-run")).isZero();
    assertThat(out()).contains(url("/a/1.js") + ": ").contains("would remove everything of 1 res");
    assertThat(run("purge")).isEqualTo(2);
    assertThat(err()).contains("what to purge?");
    assertThat(run("purge", "nonsense")).isEqualTo(1);
    assertThat(err()).startsWith("thermae: ").hasLineCount(1);
  }

  @Test
  void allMeansDamagedOnesToo() throws IOException {
    flip(files(".h").get(0), 40);
    assertThat(run("purge", "--all")).as(err()).isZero();
    assertThat(files(".b")).isEmpty();
    assertThat(files(".c")).isEmpty();
  }
}
