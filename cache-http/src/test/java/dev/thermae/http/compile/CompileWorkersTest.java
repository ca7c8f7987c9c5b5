package dev.thermae.http.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.engine.RestoreException;
import dev.thermae.engine.groovy.GroovyEngine;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.http.proxy.CompileRefusedException;
import dev.thermae.http.proxy.CompileRefusedException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Usual sources in a real worker. */
class CompileWorkersTest {
  private static final String SCRIPT =
      "var total = 0; function add(n) { return total += n; } for (var i = 0; i < 3; i++) add(i);";

  private static CompileWorkers workers;

  @BeforeAll
  static void start() {
    workers = CompileWorkers.builder("rhino", "rhino-classes", "groovy").build();
  }

  @AfterAll
  static void end() {
    workers.close();
  }

  private static <C> byte[] inProcess(Engine<C> engine, Source source, Shape shape)
      throws RestoreException {
    return engine.serialize(engine.compile(source, shape));
  }

  @Test
  void rhinoAsInThisProcess() throws Exception {
    Source source = Source.of("http://localhost/app.js", SCRIPT);
    for (RhinoEngine engine :
        List.of(RhinoEngine.create(), RhinoEngine.create().withClassFiles())) {
      Shape shape = engine.bakesName() ? Shape.SCRIPT.named(source.name()) : Shape.SCRIPT;
      Fingerprint fingerprint = EngineFingerprint.compute(engine);
      assertThat(workers.producible()).containsKey(fingerprint);
      assertThat(workers.compile(fingerprint, source, shape))
          .isEqualTo(inProcess(engine, source, shape));
    }
  }

  @Test
  void groovyAsInThisProcess() throws Exception {
    GroovyEngine engine = GroovyEngine.create();
    Source source =
        Source.of("http://localhost/a/Total.groovy", "class A { int n }\n[1, 2].sum { it * 2 }");
    Shape shape = Shape.SCRIPT.named(source.name());
    Fingerprint fingerprint = Support.named(workers, "groovy");
    assertThat(workers.compile(fingerprint, source, shape))
        .isEqualTo(inProcess(engine, source, shape));
  }

  /** Groovy calls the class by the source's name: equal bytes at two places are two compiles. */
  @Test
  void namesAreKeptApart() throws Exception {
    Fingerprint fingerprint = Support.named(workers, "groovy");
    String text = "a = ['first': 1]\n".repeat(300);
    List<CompletableFuture<byte[]>> both = new ArrayList<>();
    for (String name : List.of("http://localhost/One.groovy", "http://localhost/Two.groovy")) {
      CompletableFuture<byte[]> code = new CompletableFuture<>();
      both.add(code);
      new Thread(
              () -> {
                try {
                  code.complete(workers.compile(fingerprint, Source.of(name, text), Shape.SCRIPT));
                } catch (CompileRefusedException e) {
                  code.completeExceptionally(e);
                }
              })
          .start();
    }
    assertThat(both.get(0).get()).isNotEqualTo(both.get(1).get());
  }

  @Test
  void charsetsAndFirstLinesReachTheWorker() throws Exception {
    RhinoEngine engine = RhinoEngine.create();
    Fingerprint fingerprint = EngineFingerprint.compute(engine);
    byte[] latin = "var s = '\u00e9\u00fc';".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    Source source = Source.of("l.js", latin, java.nio.charset.StandardCharsets.ISO_8859_1);
    Shape shape = Shape.of(Shape.Kind.SCRIPT, "", 7, true);
    assertThat(workers.compile(fingerprint, source, shape))
        .isEqualTo(inProcess(engine, source, shape));
  }

  @Test
  void anErrorOfTheSourceIsToldWithItsLine() {
    Fingerprint fingerprint = Support.named(workers, "rhino");
    Support.refused(
            workers,
            fingerprint,
            Source.of("secret-name.js", "var a;\nvar = 1;"),
            Reason.SOURCE_ERROR)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("secret-name");
  }

  /** Groovy can be made to run code while it compiles: nothing else is compiled where it does. */
  @Test
  void groovyHasAWorkerOfItsOwn() throws Exception {
    Fingerprint rhino = Support.named(workers, "rhino");
    Fingerprint groovy = Support.named(workers, "groovy");
    workers.compile(rhino, Source.of("own.js", "1"), Shape.SCRIPT);
    workers.compile(groovy, Source.of("Own.groovy", "1"), Shape.SCRIPT.named("Own.groovy"));
    assertThat(workers.pools())
        .extracting(WorkerPool::engines)
        .containsExactly(List.of("rhino", "rhino-classes"), List.of("groovy"));
    assertThat(workers.pools().get(0).report().engines()).doesNotContainKey(groovy);
    assertThat(workers.pools().get(1).report().engines()).containsOnlyKeys(groovy);
    WorkerProcess shared = workers.pools().get(0).alive().iterator().next();
    WorkerProcess own = workers.pools().get(1).alive().iterator().next();
    assertThat(own.pid()).isNotEqualTo(shared.pid());
    own.end();
    workers.compile(groovy, Source.of("Two.groovy", "2"), Shape.SCRIPT.named("Two.groovy"));
    assertThat(shared.isUsable()).isTrue();
    assertThat(workers.producible()).containsKeys(rhino, groovy);
  }

  @Test
  void namesAreBakedInAsTheEnginesSay() {
    assertThat(Engines.bakesName("rhino")).isEqualTo(RhinoEngine.create().bakesName());
    assertThat(Engines.bakesName("rhino-classes"))
        .isEqualTo(RhinoEngine.create().withClassFiles().bakesName());
    for (String name : List.of("groovy", "javac", "janino", "quickjs", "wasm")) {
      assertThat(Engines.bakesName(name)).as(name).isEqualTo(Engines.named(name).bakesName());
    }
  }

  @Test
  void whatNoEngineMakesIsRefused() {
    Support.refused(workers, Fingerprint.NONE, Source.of("a.js", "1"), Reason.UNKNOWN_FINGERPRINT);
  }
}
