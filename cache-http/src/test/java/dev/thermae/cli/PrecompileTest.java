package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskOptions;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Temperature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code thermae precompile}: the first load of whatever it compiled is hot. */
class PrecompileTest extends CommandFixture {
  @TempDir Path scripts;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(scripts.resolve("inner"));
    Files.writeString(scripts.resolve("a.js"), SCRIPT);
    Files.writeString(scripts.resolve("inner/b.js"), SCRIPT + "//é");
    Files.writeString(scripts.resolve("notes.txt"), "not a script");
  }

  private List<String> outcomes() {
    List<String> outcomes = new ArrayList<>();
    for (JsonNode script : json().get("scripts")) {
      outcomes.add(script.get("outcome").asString());
    }
    return outcomes;
  }

  @Test
  void aFolderOfScriptsIsHotAtTheFirstLoad() {
    assertThat(run("precompile", scripts.toString(), "--json")).as(err()).isZero();
    assertThat(outcomes()).containsExactly("compiled", "compiled");
    try (CodeCache cache = CodeCache.builder().directory(folder).build()) {
      RhinoEngine engine = RhinoEngine.create();
      Compiled<?> one = cache.compile(engine, Source.of("any name.js", SCRIPT));
      assertThat(one.temperature()).isEqualTo(Temperature.HOT);
      Compiled<?> other = cache.compile(engine, Source.of("b.js", SCRIPT + "//é"));
      assertThat(other.temperature()).isEqualTo(Temperature.HOT);
      Compiled<?> third = cache.compile(engine, Source.of("b.js", SCRIPT + "//c"));
      assertThat(third.temperature()).isEqualTo(Temperature.COLD);
    }
    assertThat(run("precompile", scripts.toString(), "--json")).isZero();
    assertThat(outcomes()).containsExactly("found", "found");
    assertThat(run("verify", "--recompile", "--json")).as(out()).isZero();
    assertThat(json().at("/recompiled/same").asInt()).isEqualTo(2);
  }

  /** It would be everybody's own cache that nobody can write any more. */
  @Test
  void onlyAFolderThatIsNamedIsFinished() {
    StringWriter told = new StringWriter();
    PrintWriter all = new PrintWriter(told, true);
    int code = Main.run(all, all, "precompile", "--finish", scripts.toString());
    assertThat(code).isEqualTo(2);
    assertThat(told.toString()).contains("--finish", "--dir");
  }

  @Test
  void aFinishedFolderIsABaseThatNobodyWrites() throws IOException {
    assertThat(run("precompile", "--finish", scripts.toString())).as(err()).isZero();
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all)
          .allSatisfy(
              path ->
                  assertThat(Files.getPosixFilePermissions(path))
                      .contains(PosixFilePermission.OTHERS_READ)
                      .doesNotContain(PosixFilePermission.OWNER_WRITE));
    }
    DiskOptions above = DiskOptions.DEFAULTS.bases(List.of(folder));
    try (CodeCache cache =
        CodeCache.builder().directory(scripts.resolve("above")).disk(above).build()) {
      Compiled<?> one = cache.compile(RhinoEngine.create(), Source.of("any.js", SCRIPT));
      assertThat(one.temperature()).as(one.why()).isEqualTo(Temperature.HOT);
    }
  }

  /** What an engine's sources are usually called is what is looked for. */
  @Test
  void otherEnginesTakeOtherFiles() throws IOException {
    Files.writeString(scripts.resolve("A.java"), "class A {}");
    Files.writeString(scripts.resolve("inner/b.groovy"), "40 + 2");
    assertThat(run("precompile", "--engine", "javac", scripts.toString(), "--json")).isZero();
    assertThat(json().at("/scripts/0/name").asString()).endsWith("A.java");
    assertThat(run("precompile", "--engine", "groovy", scripts.toString(), "--json")).isZero();
    assertThat(json().at("/scripts/0/name").asString()).endsWith("b.groovy");
    assertThat(outcomes()).containsExactly("compiled");
  }

  @Test
  void urlsAreHotAtTheFirstLoad() {
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    assertThat(run("precompile", url("/a.js"), "--json")).as(err()).isZero();
    assertThat(outcomes()).containsExactly("compiled");
    assertThat(run("load", url("/a.js"), "--json")).isZero();
    assertThat(json().at("/loads/0/code/temperature").asString()).isEqualTo("hot");
  }

  @Test
  void scriptsThatFailAreToldAndTheOthersAreCompiled() throws IOException {
    Files.writeString(scripts.resolve("broken.js"), "var a = ;");
    answer("/once.js", SCRIPT + "//once", "Cache-Control: no-store");
    int code =
        run(
            "precompile",
            scripts.toString(),
            url("/once.js"),
            url("/none.js"),
            "gone.js",
            "--json");
    assertThat(code).isEqualTo(1);
    assertThat(outcomes())
        .containsExactly("compiled", "failed", "compiled", "not_kept", "failed", "failed");
    assertThat(json().get("failed").asInt()).isEqualTo(4);
    assertThat(err().lines()).hasSize(4).allMatch(line -> line.startsWith("thermae: "));
    assertThat(err()).contains("broken.js").contains("must not be stored").contains("gone.js");
  }

  @Test
  void linksOutOfTheFolderAreNotFollowed() throws IOException {
    Path outside = folder.resolveSibling("outside.js");
    Files.writeString(outside, SCRIPT + "//outside");
    Files.createSymbolicLink(scripts.resolve("z.js"), outside);
    assertThat(run("precompile", scripts.toString(), "--json")).isZero();
    assertThat(outcomes()).hasSize(2);
  }

  @Test
  void otherFiles() {
    assertThat(run("precompile", scripts.toString(), "--match", "**/a.*")).isZero();
    assertThat(out()).contains("a.js: compiled, ").contains("1 compiled with rhino, 0 found");
    assertThat(run("precompile", scripts.toString(), "--match", "[")).isEqualTo(2);
    assertThat(err()).contains("--match: ");
  }

  /** Signed: the same secrets find the code hot, others find nothing. */
  @Test
  void signed(@TempDir Path keys) throws IOException {
    Path key = keys.resolve("1.key");
    Files.write(key, new byte[16]);
    key.toFile().setReadable(false, false);
    key.toFile().setReadable(true, true);
    answer("/a.js", SCRIPT, "Cache-Control: max-age=600");
    String dir = keys.toString();
    assertThat(run("precompile", url("/a.js"), "--keys", dir)).as(err()).isZero();
    assertThat(run("load", url("/a.js"), "--json", "--keys", dir)).isZero();
    assertThat(json().at("/loads/0/code/temperature").asString()).isEqualTo("hot");
    assertThat(run("explain", url("/a.js"), "--json", "--keys", dir)).isZero();
    assertThat(json().at("/urls/0/stored").asBoolean()).isTrue();
    assertThat(run("explain", url("/a.js"), "--json")).isZero();
    assertThat(json().at("/urls/0/stored").asBoolean()).isFalse();
    assertThat(run("verify", "--recompile", "--json", "--keys", dir)).as(out()).isZero();
    assertThat(json().at("/recompiled/same").asInt()).isEqualTo(1);
    assertThat(run("verify", "--delete", "--keys", dir)).as(out()).isZero();
    Files.write(keys.resolve("2.key"), new byte[15]);
    assertThat(run("stats", "--keys", dir)).isEqualTo(2);
    assertThat(err()).contains("--keys: ");
    key.toFile().setReadable(true, false);
    assertThat(run("stats", "--keys", dir)).isEqualTo(2);
    assertThat(run("stats", "--keys", folder.toString())).isEqualTo(2);
    assertThat(err()).contains("lies in the cache folder");
  }
}
