package dev.thermae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Source;
import dev.thermae.engine.v8.V8Engine;
import dev.thermae.engine.v8.V8Unit;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command with V8, which holds all its code only after a run, and whose library is optional.
 */
class V8CommandTest extends CommandFixture {
  /** Of its functions V8 compiles none before it is called. */
  private static final String LAZY =
      "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); } // "
          + "x".repeat(1000)
          + "\nfunction g(a) { let b = []; for (const c of a) { b.push(c * 2); } return b; }"
          + "\nfunction h(a) { switch (a) { case 1: return 'one'; default: return `${a}!`; } }"
          + "\n'' + f(10) + g([1, 2]) + h(1) + h(2)";

  @TempDir Path scripts;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(scripts.resolve("a.js"), LAZY);
  }

  /** What an application finds, and what the next one does after this one ran it. */
  @Test
  void theApplicationsFirstLoadIsHotAndItsRunAddsWhatItCalled() throws Exception {
    String[] line = {"precompile", scripts.toString(), "--engine", "v8", "--json"};
    assertThat(run(line)).as(err()).isZero();
    assertThat(json().at("/scripts/0/outcome").asString()).isEqualTo("compiled");
    long before = Files.size(files(".c").get(0));
    assertThat(application()).isEqualTo("HOT 552,4one2!");
    long after = Files.size(files(".c").get(0));
    assertThat(after).as("bytes of code, %s before the run", before).isGreaterThan(before + 512);
    assertThat(run(line)).isZero();
    assertThat(json().at("/scripts/0/outcome").asString()).isEqualTo("found");
    assertThat(Files.size(files(".c").get(0))).isEqualTo(after);
  }

  private String application() throws Exception {
    try (CodeCache cache = CodeCache.builder().directory(folder).build();
        V8Runtime runtime = V8Host.getV8Instance().createV8Runtime()) {
      V8Engine engine = V8Engine.of(runtime);
      Compiled<V8Unit> unit = cache.compile(engine, Source.of("any name.js", LAZY));
      try (V8Value value = unit.code().run()) {
        unit.ran();
        assertThat(cache.flush()).isTrue();
        return unit.temperature() + " " + value;
      } finally {
        engine.closeScripts();
      }
    }
  }

  /** As with any engine: cold, warm, hot. */
  @Test
  void loadsOfUrls() {
    answer("/a.js", LAZY, "Cache-Control: max-age=600");
    String[] line = {"load", url("/a.js"), "--engine", "v8", "--repeat", "3", "--json"};
    assertThat(run(line)).as(err()).isZero();
    assertThat(json().at("/loads").valueStream().map(l -> l.at("/code/temperature").asString()))
        .containsExactly("cold", "warm", "hot");
    assertThat(json().at("/loads/1/code/storedBytes").asLong()).isPositive();
    assertThat(run("explain", url("/a.js"), "--engine", "v8")).as(err()).isZero();
    assertThat(out()).contains("hot");
  }

  @Test
  void aScriptThatDoesNotCompile() throws IOException {
    Files.writeString(scripts.resolve("a.js"), "var a = ;");
    assertThat(run("precompile", scripts.toString(), "--engine", "v8")).isEqualTo(1);
    assertThat(err()).contains("a.js").contains("SyntaxError");
  }

  /** A fresh compile says nothing of code that grew by running. */
  @Test
  void codeIsNotComparedWithACompile() {
    assertThat(run("precompile", scripts.toString(), "--engine", "v8")).as(err()).isZero();
    assertThat(run("verify", "--recompile", "--engine", "v8")).isEqualTo(2);
    assertThat(err()).contains("v8's code depends on what ran");
    assertThat(run("verify")).as(out()).isZero();
  }

  @Test
  void withoutJavetTheErrorSaysWhatToAdd() throws Exception {
    assertThat(inAnotherProcess(place -> !place.contains("javet")))
        .startsWith("2 thermae: --engine: the library of v8 is not on the class path")
        .contains("com.caoccao.javet:javet with", "javet-v8-linux-x86_64", "java -cp LIBRARY:");
  }

  @Test
  void withoutTheNativeLibraryTheErrorSaysWhatToAdd() throws Exception {
    assertThat(inAnotherProcess(place -> !place.contains("javet-v8-")))
        .startsWith("2 thermae: --engine: v8 does not start")
        .contains("javet-v8-linux-x86_64");
  }

  /** Exit code and standard error of a precompile with only these places of the class path. */
  private String inAnotherProcess(Predicate<String> isThere) throws Exception {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(place -> isThere.test(Path.of(place).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    classPath,
                    Main.class.getName(),
                    "precompile",
                    scripts.toString(),
                    "--engine",
                    "v8",
                    "--dir",
                    folder.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }
}
