package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mozilla.javascript.Context;

/** Workers that die, lie, hang, or are in demand. */
@Timeout(300)
class CompileWorkersFaultTest {
  private static final Source GOOD = Source.of("good.js", "var a = 1;");

  @TempDir Path folder;

  private Path program(String body) throws Exception {
    Path program = Files.writeString(folder.resolve("java"), "#!/bin/sh\n" + body + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private static long only(CompileWorkers workers) {
    return workers.pool().alive().iterator().next().pid();
  }

  @Test
  void killedInTheMiddle() throws Exception {
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try (CompileWorkers workers = CompileWorkers.builder("rhino").build()) {
      Fingerprint rhino = Support.named(workers, "rhino");
      long pid = only(workers);
      Future<?> asked =
          caller.submit(() -> Support.refused(workers, rhino, Support.slow(1), Reason.CRASHED));
      await().until(() -> workers.pool().asked() > 0);
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      asked.get();
      assertThat(workers.compile(rhino, GOOD, Shape.SCRIPT)).isNotEmpty();
      assertThat(only(workers)).isNotEqualTo(pid);
    } finally {
      caller.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "printf 'hello, this is no frame at all'",
        "printf '\\377\\377\\377\\377'",
        "printf '\\0\\0\\0\\010THERMAE\\002'",
        "printf '\\0\\0\\0\\014THERMAE\\001\\177\\0\\0\\0'",
        "exit 7",
        "echo 'no memory' >&2; exit 1",
        "yes",
        "kill -9 $$"
      })
  void aProgramThatIsNoWorker(String body) throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("rhino").java(program(body)).build()) {
      assertThat(workers.producible()).isEmpty();
      Support.refused(workers, Fingerprint.NONE, GOOD, Reason.CRASHED)
          .hasMessageContaining("no compile worker starts");
      assertThat(workers.pool().alive()).isEmpty();
    }
  }

  private static Source source(int n) {
    return Source.of("s.js", "var n = " + n + ";");
  }

  /** What a real worker says first. */
  private Path report() throws Exception {
    Path report = folder.resolve("report");
    try (CompileWorkers truthful = CompileWorkers.builder("rhino").build();
        OutputStream out = Files.newOutputStream(report)) {
      new WorkerReport(truthful.producible(), truthful.missing()).write(out);
    }
    return report;
  }

  /** Tells the truth about what it can do, and then answers with garbage. */
  @Test
  void aWorkerThatLies() throws Exception {
    Path report = report();
    for (String garbage :
        List.of(
            "printf '\\177\\0\\0\\0'",
            "printf '\\0\\0\\0\\020aaaaaaaaaaaaaaaa'",
            "printf '\\0\\0\\0\\030aaaaaaaa\\0\\0\\0\\004CODEforged!!'",
            "printf '\\0\\0\\0\\010aaaa'",
            "yes")) {
      Path liar = program("cat " + report + "; head -c 20 > /dev/null; " + garbage);
      try (CompileWorkers workers = CompileWorkers.builder("rhino").java(liar).build()) {
        Fingerprint rhino = Support.named(workers, "rhino");
        Support.refused(workers, rhino, GOOD, Reason.CRASHED);
        assertThat(workers.pool().alive()).isEmpty();
      }
    }
  }

  @Test
  void noStderrIsTooLong() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path noisy = program("yes 0123456789 | head -10000 >&2; exec " + java + " \"$@\"");
    try (CompileWorkers workers = CompileWorkers.builder("rhino").java(noisy).build()) {
      assertThat(workers.compile(Support.named(workers, "rhino"), GOOD, Shape.SCRIPT)).isNotEmpty();
    }
  }

  @Test
  void theQueueIsBoundedAndTheSameIsCompiledOnce() throws Exception {
    ExecutorService callers = Executors.newCachedThreadPool();
    Path hangs = program("cat " + report() + "; exec sleep 600");
    CompileWorkers workers = CompileWorkers.builder("rhino").java(hangs).queue(1).build();
    try (workers) {
      Fingerprint rhino = Support.named(workers, "rhino");
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        all.add(callers.submit(() -> Support.refused(workers, rhino, source(1), Reason.CLOSED)));
      }
      await().until(() -> workers.pool().asked() == 1);
      all.add(callers.submit(() -> Support.refused(workers, rhino, source(2), Reason.CLOSED)));
      await().until(() -> workers.pool().waiting() == 1);
      Support.refused(workers, rhino, source(3), Reason.QUEUE_FULL);
      workers.close();
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      callers.shutdownNow();
    }
    Support.refused(workers, Fingerprint.NONE, GOOD, Reason.CLOSED);
  }

  @Test
  void tooLong() throws Exception {
    try (CompileWorkers workers = CompileWorkers.builder("rhino").longestSource(5).build()) {
      Support.refused(workers, Fingerprint.NONE, GOOD, Reason.TOO_LONG);
    }
  }

  @Test
  void recycled() throws Exception {
    Set<Long> pids = new HashSet<>();
    try (CompileWorkers workers = CompileWorkers.builder("rhino").compilesPerWorker(50).build()) {
      Fingerprint rhino = Support.named(workers, "rhino");
      for (int i = 0; i < 200; i++) {
        assertThat(workers.compile(rhino, source(i), Shape.SCRIPT)).isNotEmpty();
        workers.pool().alive().forEach(each -> pids.add(each.pid()));
      }
    }
    assertThat(pids).hasSize(4);
    await().until(() -> pids.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
  }

  @Test
  void nothingIsLeftWhenClosed() throws Exception {
    CompileWorkers workers = CompileWorkers.builder("rhino").build();
    assertThat(workers.producible()).isNotEmpty();
    WorkerProcess worker = workers.pool().alive().iterator().next();
    assertThat(worker.folder()).isDirectory();
    workers.close();
    assertThat(ProcessHandle.of(worker.pid())).isEmpty();
    assertThat(worker.folder()).doesNotExist();
  }

  @Test
  void idleWorkersEnd() throws Exception {
    try (CompileWorkers workers =
        CompileWorkers.builder("rhino").idle(Duration.ofMillis(50)).warm(true).build()) {
      Fingerprint rhino = Support.named(workers, "rhino");
      await().until(() -> workers.pool().alive().isEmpty());
      assertThat(workers.compile(rhino, GOOD, Shape.SCRIPT)).isNotEmpty();
    }
  }

  /** The fleet's workers and the proxy's see the same jars in the same order. */
  @Test
  void fingerprintsAreThoseOfAPlainJvm() throws Exception {
    List<Path> jars =
        List.of(
            placeOf(groovy.lang.GroovyObject.class),
            placeOf(Context.class),
            placeOf(dev.thermae.engine.Engine.class),
            placeOf(CompileWorkers.class));
    String path = String.join(":", jars.stream().map(Path::toString).toList());
    List<String> plain = plainFingerprints(path);
    jars = new ArrayList<>(jars);
    jars.add(folder.resolve("classes"));
    try (CompileWorkers workers =
        CompileWorkers.builder("rhino", "groovy").enginePath(jars).build()) {
      assertThat(Support.named(workers, "rhino").toString()).isEqualTo(plain.get(0));
      assertThat(Support.named(workers, "groovy").toString()).isEqualTo(plain.get(1));
      Source source = Source.of("A.groovy", "println 1");
      assertThat(
              workers.compile(
                  Support.named(workers, "groovy"), source, Shape.SCRIPT.named("A.groovy")))
          .isNotEmpty();
    }
    try (CompileWorkers workers =
        CompileWorkers.builder("rhino", "groovy").enginePath(jars.subList(1, 2)).build()) {
      assertThat(Support.named(workers, "rhino").toString()).isEqualTo(plain.get(0));
      assertThat(workers.missing()).containsOnlyKeys("groovy");
    }
  }

  private static Path placeOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private Path compiled(String name, String text, String path) throws Exception {
    Path file = Files.writeString(folder.resolve(name + ".java"), text);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int code =
        javax.tools.ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", path, "-d", classes.toString(), file.toString());
    assertThat(code).isZero();
    return classes;
  }

  /** A transformation on the class path runs in the compiler, as its owner wished. */
  @Test
  void whatPrintsInTheWorkerHarmsNoFrame() throws Exception {
    String text =
        """
        @org.codehaus.groovy.transform.GroovyASTTransformation
        public class Noise implements org.codehaus.groovy.transform.ASTTransformation {
          public void visit(
              org.codehaus.groovy.ast.ASTNode[] nodes,
              org.codehaus.groovy.control.SourceUnit source) {
            System.out.println("noise ".repeat(100_000));
            System.out.flush();
          }
        }
        """;
    Path groovy = placeOf(groovy.lang.GroovyObject.class);
    Path classes = compiled("Noise", text, groovy.toString());
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("org.codehaus.groovy.transform.ASTTransformation"), "Noise\n");
    try (CompileWorkers workers =
        CompileWorkers.builder("groovy").enginePath(List.of(groovy, classes)).build()) {
      Source source = Source.of("A.groovy", "println 1");
      Shape shape = Shape.SCRIPT.named("A.groovy");
      byte[] code = workers.compile(Support.named(workers, "groovy"), source, shape);
      assertThat(code)
          .isEqualTo(GroovyEngine.create().serialize(GroovyEngine.create().compile(source, shape)));
    }
  }

  /** What a JVM of the fleet would compute with that class path. */
  private List<String> plainFingerprints(String path) throws Exception {
    String text =
        "public class Plain { public static void main(String[] names) throws Exception {"
            + " for (String name : names) System.out.println("
            + "dev.thermae.engine.EngineFingerprint.compute("
            + "dev.thermae.http.compile.Engines.named(name))); } }";
    Path classes = compiled("Plain", text, path);
    Process plain =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path + ":" + classes,
                "Plain",
                "rhino",
                "groovy")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = plain.inputReader(StandardCharsets.UTF_8)) {
      return out.lines().toList();
    }
  }

  /** Whoever is killed leaves no worker behind, not even one that compiles. */
  @Test
  void noOrphans() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OrphanParent.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
      ProcessHandle worker = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      Path own = Path.of(out.readLine());
      assertThat(worker.isAlive()).isTrue();
      assertThat(own).isDirectory();
      parent.destroyForcibly().waitFor();
      await().atMost(Duration.ofSeconds(30)).until(() -> !worker.isAlive());
      assertThat(own).doesNotExist();
    } finally {
      parent.destroyForcibly();
    }
  }

  /** Compiles something slow and tells of its worker. */
  static final class OrphanParent {
    public static void main(String[] args) throws CompileRefusedException {
      CompileWorkers workers = CompileWorkers.builder("rhino").time(Duration.ofDays(1)).build();
      Fingerprint rhino = Support.named(workers, "rhino");
      WorkerProcess worker = workers.pool().alive().iterator().next();
      Thread teller =
          new Thread(
              () -> {
                await().until(() -> workers.pool().asked() > 0);
                System.out.println(worker.pid());
                System.out.println(worker.folder());
              });
      teller.start();
      workers.compile(rhino, Support.slow(1), Shape.SCRIPT);
    }
  }
}
