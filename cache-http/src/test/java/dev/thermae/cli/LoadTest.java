package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code thermae load}, in this process over a real origin and a real folder. */
@Tag("once")
class LoadTest extends CommandFixture {
  private List<String> temperatures() {
    List<String> found = new ArrayList<>();
    for (JsonNode load : json().get("loads")) {
      found.add(load.at("/code/temperature").asString("none"));
    }
    return found;
  }

  @Test
  void coldWarmHot() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600", "ETag: \"1\"");
    assertThat(run("load", url("/a.js"))).isZero();
    assertThat(out())
        .startsWith(url("/a.js") + "\n  http   200 OK, stored: a new generation; age ")
        .contains("\n  code   cold, compiled: first load\n")
        .contains(" 2,500 bytes of source, no code stored\n")
        .contains("\n  time   fetch ");
    assertThat(run("load", url("/a.js"))).isZero();
    assertThat(out()).contains("200 OK, fresh; age").contains("code   warm, compiled: seen before");
    assertThat(run("load", url("/a.js"))).isZero();
    assertThat(out())
        .contains("code   hot, restored: code found\n")
        .containsPattern("[0-9,]+ bytes of code stored")
        .contains("compile 0.0 ms");
    assertThat(err()).isEmpty();
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "chrome, cold warm hot hot hot",
    "FIREFOX, cold cold cold warm hot",
    "eager, cold hot hot hot hot",
  })
  void policiesOverRepetitions(String policy, String expected) {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    assertThat(run("load", url("/a.js"), "--policy", policy, "--repeat", "5", "--json")).isZero();
    assertThat(String.join(" ", temperatures())).isEqualTo(expected);
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aValidatedScriptStaysHot() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=0", "ETag: \"1\"");
    assertThat(run("load", url("/a.js"), "--repeat", "3", "--json")).isZero();
    JsonNode loads = json().get("loads");
    assertThat(temperatures()).containsExactly("cold", "warm", "hot");
    assertThat(loads.get(2).at("/http/outcome").asString()).isEqualTo("revalidated");
    assertThat(loads.get(2).at("/http/why").asString()).contains("the origin answered 304");
    assertThat(loads.get(2).at("/http/receivedBytes").asLong()).isEqualTo(SCRIPT.length());
    assertThat(loads.get(2).at("/code/storedBytes").asLong()).isPositive();
    assertThat(loads.get(0).at("/code/storedBytes").isMissingNode()).isTrue();
    assertThat(json().get("folder").asString()).isEqualTo(folder.toString());
  }

  @Test
  void everyFaultIsToldAndTheOthersAreLoaded() {
    answer("/broken.js", "var a = 1;\nvar b = ;\n", "Cache-Control: max-age=600");
    answer("/zstd.js", SCRIPT, "Content-Encoding: zstd");
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    String[] faulty = {
      url("/broken.js"), url("/missing.js"), "http://127.0.0.1:1/x.js", "nonsense", url("/zstd.js")
    };
    List<String> args = new ArrayList<>(List.of("load"));
    args.addAll(List.of(faulty));
    args.add(url("/a.js"));
    assertThat(run(args.toArray(new String[0]))).isEqualTo(1);
    assertThat(err().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("thermae: syntax error (%s:2:9)", faulty[0]),
            line ->
                assertThat(line).contains("GET " + faulty[1]).endsWith("answered 404 Client Error"),
            line -> assertThat(line).contains("GET " + faulty[2]).contains("Failed to connect"),
            line -> assertThat(line).contains("nonsense: not a URL for http or https"),
            line -> assertThat(line).contains("content coding zstd is not known"));
    assertThat(out()).startsWith(url("/a.js")).contains("code   cold");

    args.add("--json");
    assertThat(run(args.toArray(new String[0]))).isEqualTo(1);
    JsonNode loads = json().get("loads");
    assertThat(loads).hasSize(6);
    JsonNode compile = loads.get(0);
    assertThat(compile.at("/http/status").asString()).isEqualTo("200 OK");
    assertThat(compile.at("/error/kind").asString()).isEqualTo("compile");
    assertThat(compile.at("/error/name").asString()).isEqualTo(faulty[0]);
    assertThat(compile.at("/error/line").asInt()).isEqualTo(2);
    assertThat(compile.at("/error/column").asInt()).isEqualTo(9);
    assertThat(loads.get(1).at("/error/kind").asString()).isEqualTo("fetch");
    assertThat(loads.get(1).at("/error/status").asInt()).isEqualTo(404);
    assertThat(loads.get(2).at("/error/status").isMissingNode()).isTrue();
    assertThat(loads.get(5).get("error")).isNull();
  }

  @Test
  void redirectsAreFollowedAndNamed() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    redirect("/old.js", "/a.js");
    assertThat(run("load", url("/old.js"))).isZero();
    assertThat(out()).startsWith(url("/old.js") + "\n  url    " + url("/a.js") + "\n  http   200");
  }

  @Test
  void namespacesAndFieldsAreTheRequests() throws Exception {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600", "Vary: X-Kind");
    assertThat(run("load", url("/a.js"), "-H", "X-Kind: one", "--namespace", "n")).isZero();
    assertThat(origin.takeRequest().getHeaders().get("X-Kind")).isEqualTo("one");
    assertThat(run("load", url("/a.js"), "-H", "X-Kind: one", "--namespace", "n")).isZero();
    assertThat(origin.getRequestCount()).isEqualTo(1);
    assertThat(run("load", url("/a.js"), "-H", "X-Kind: two", "--namespace", "n")).isZero();
    assertThat(run("load", url("/a.js"), "-H", "X-Kind: one")).isZero();
    assertThat(origin.getRequestCount()).isEqualTo(3);
  }

  @Test
  void aRefusedFolderIsGoneWithout() throws Exception {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    assertThat(run("load", url("/a.js"), "--json")).isZero();
    assertThat(json().get("folder")).isNull();
    assertThat(temperatures()).containsExactly("cold");
  }

  @ParameterizedTest
  @CsvSource({
    "--engine x, --engine: no engine is called x; known: rhino",
    "--policy x, '[CHROME, FIREFOX, EAGER] (case-insensitive) but was ''x'''",
    "--header x, --header: a field is 'Name: value'",
    "--header Host:a, --header: not a header field for a request: Host",
    "--repeat 0, --repeat is 1 or more: 0",
  })
  void wrongUse(String line, String said) {
    List<String> args = new ArrayList<>(List.of("load", "http://127.0.0.1:1/"));
    args.addAll(List.of(line.split(" ", -1)));
    assertThat(run(args.toArray(new String[0]))).isEqualTo(2);
    assertThat(err()).startsWith("thermae: ").contains(said);
    assertThat(out()).isEmpty();
    assertThat(folder).doesNotExist();
  }

  /** What one process attached is there before it ends. */
  @Test
  void theThirdProcessIsHot(@TempDir Path temporary) throws Exception {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    for (String temperature : new String[] {"cold", "warm", "hot"}) {
      Path errors = temporary.resolve(temperature);
      try (ServeProcess process =
          ServeProcess.start(errors, "load", url("/a.js"), "--dir", folder.toString())) {
        List<String> lines = process.rest();
        assertThat(process.ready).isEqualTo(url("/a.js"));
        assertThat(lines.get(1)).startsWith("  code   " + temperature + ", ");
        assertThat(process.exitCode()).isZero();
        assertThat(process.errors()).isEmpty();
      }
    }
    assertThat(origin.getRequestCount()).isEqualTo(1);
  }
}
