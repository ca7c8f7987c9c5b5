package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile sources: none of them harms this process or the next source. */
@Tag("once")
class CompileBombTest {
  private static final Source GOOD = Source.of("good.js", "var a = 1;");

  private static void stillCompiles(CompileWorkers workers) throws Exception {
    Fingerprint rhino = Support.named(workers, "rhino");
    assertThat(workers.compile(rhino, GOOD, Shape.SCRIPT)).isNotEmpty();
  }

  @Test
  void nestedBracketsAreAnErrorOfTheSource() throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("rhino").build()) {
      Source bomb = Source.of("bomb.js", "[".repeat(10 << 20));
      Support.refused(workers, Support.named(workers, "rhino"), bomb, Reason.SOURCE_ERROR);
      assertThat(workers.pool().alive()).hasSize(1).allMatch(WorkerProcess::isUsable);
      stillCompiles(workers);
    }
  }

  @Test
  void aMillionFunctionsTakeTheWorkersHeapOnly() throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("rhino").heapBytes(64 << 20).build()) {
      Fingerprint rhino = Support.named(workers, "rhino");
      Source bomb = Source.of("bomb.js", "function(){},".repeat(1_000_000).concat("1"));
      Source functions = Source.of("bomb.js", "x=" + bomb.text());
      Support.refused(workers, rhino, functions, Reason.HEAP);
      assertThat(workers.pool().alive()).isEmpty();
      Support.refused(workers, rhino, functions, Reason.HEAP).hasMessageContaining("memory");
      assertThat(workers.pool().alive()).as("a bomb stays a bomb, no worker for it").isEmpty();
      stillCompiles(workers);
    }
  }

  @Test
  void whatTakesTooLongIsKilled() throws Exception {
    try (CompileWorkers workers =
        CompileWorkers.builder("rhino").time(Duration.ofSeconds(4)).build()) {
      Fingerprint rhino = Support.named(workers, "rhino");
      Source bomb = Support.slow(1);
      Set<Long> before = pids(workers);
      Support.refused(workers, rhino, bomb, Reason.TIMEOUT);
      assertThat(workers.pool().alive()).isEmpty();
      stillCompiles(workers);
      assertThat(pids(workers)).doesNotContainAnyElementsOf(before);
    }
  }

  private static Set<Long> pids(CompileWorkers workers) {
    return workers.pool().alive().stream().map(WorkerProcess::pid).collect(Collectors.toSet());
  }

  /** Constants are folded by the compiler: each line doubles the one before. */
  @Test
  void foldedConstantsTakeTheWorkersHeapOnly() throws Exception {
    StringBuilder doubling = new StringBuilder("class A {\nstatic final String A0 = 'aaaaaaaa'\n");
    for (int i = 1; i < 40; i++) {
      doubling.append("static final String A" + i + " = A" + (i - 1) + " + A" + (i - 1) + "\n");
    }
    doubling.append("}\n");
    try (CompileWorkers workers =
        CompileWorkers.builder("rhino", "groovy").heapBytes(64 << 20).build()) {
      Source bomb = Source.of("A.groovy", doubling.toString());
      try {
        workers.compile(Support.named(workers, "groovy"), bomb, Shape.SCRIPT.named(bomb.name()));
      } catch (CompileRefusedException e) {
        assertThat(e.reason()).isIn(Reason.HEAP, Reason.SOURCE_ERROR, Reason.CRASHED);
      }
      stillCompiles(workers);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@groovy.transform.ASTTest(value = { System.exit(9) }) class A {}",
        "import groovy.transform.ASTTest as Quiet\n@Quiet({ System.exit(9) }) class A {}",
        "@groovy.transform.\\u0041STTest(value = { System.exit(9) }) class A {}",
        "@groovy.transform.\\u005cu0041STTest(value = { System.exit(9) }) class A {}",
        "@Grab('org.example:thing:1') import org.example.Thing\n1",
        "@groovy.lang.Grapes([]) class A {}",
        "@groovy.transform.CompileStatic(extensions = 'x.groovy') class A {}",
        "@groovy.transform.TypeChecked(extensions/**/= ['x']) class A {}",
        "@groovy.transform.AnnotationCollector([groovy.transform.ToString]) @interface B {}",
        "@org.codehaus.groovy.transform.GroovyASTTransformationClass('x') @interface B {}"
      })
  void groovyThatWouldRunInTheCompilerIsRefused(String text) {
    assertThat(CompileTimeCode.inGroovy(text)).contains("may run code");
  }

  @Test
  void usualGroovyIsNotRefused() {
    assertThat(CompileTimeCode.inGroovy("@groovy.transform.CompileStatic class A { int b }"))
        .isNull();
    assertThat(CompileTimeCode.inGroovy("def extensions = ['\\u0061']\n")).isNull();
  }

  @Test
  void theRefusalReachesWhoAsked() throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("groovy").build()) {
      Source source =
          Source.of("A.groovy", "@groovy.transform.ASTTest({ System.exit(9) }) class A {}");
      Support.refused(workers, Support.named(workers, "groovy"), source, Reason.SOURCE_ERROR)
          .hasMessageContaining("ASTTest");
      assertThat(workers.pool().alive()).hasSize(1);
    }
  }
}
