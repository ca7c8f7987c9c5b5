package dev.thermae.engine.quickjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import io.roastedroot.quickjs4j.core.GuestException;
import java.util.HashSet;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

final class QuickJsEngineTest extends EngineContract<QuickJsUnit> {
  private final Queue<HostedRuntime> idle = new ConcurrentLinkedQueue<>();

  @Override
  protected Engine<QuickJsUnit> engine() {
    return QuickJsEngine.create();
  }

  @Override
  protected Engine<QuickJsUnit> engineWithOtherOptions() {
    return QuickJsEngine.create().withPrologue("var module;");
  }

  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        QuickJsFeatures.all(),
        Source.of("text.js", "function kept ( a ) { return a }\nhost.result(kept.toString())"),
        Source.of("failing.js", "function f() {\n  throw new Error('on purpose')\n}\nf()"),
        2,
        Source.of("invalid.js", "let a = 1\nlet b = ][\n"),
        2,
        Source.of("calling.js", "host.result(host.callback())"),
        Source.of("small.js", "1 + 1"));
  }

  /** Runtimes are used again, since one takes long to make; one that a unit failed in is not. */
  @Override
  protected String run(QuickJsUnit unit, Callable<String> callback) {
    HostedRuntime known = idle.poll();
    HostedRuntime runtime = known == null ? new HostedRuntime() : known;
    try {
      String result = runtime.run(unit, callback);
      idle.add(runtime);
      return result;
    } catch (GuestException e) {
      String message = e.getMessage();
      return unit.name() + message.substring(message.indexOf("value: "));
    }
  }

  @Test
  void dependsOnAllThatDecidesItsCode() {
    assertThat(engine().fingerprintParts())
        .containsOnlyKeys("engine", "format", "prologue", "quickjs", "runtime", "parser");
    assertThat(new HashSet<>(engine().fingerprintParts().values()))
        .as("each jar is one of its own")
        .hasSameSizeAs(engine().fingerprintParts().keySet());
  }

  @Test
  void givesTheResultsThatItShould() {
    QuickJsEngine engine = QuickJsEngine.create();

    assertThat(
            QuickJsFeatures.all().stream()
                .map(source -> run(engine.compile(source, Shape.SCRIPT), () -> "")))
        .containsExactly(
            "1,2,3",
            "[3,5,6,\"p|q1\",\"1180591620717411303424\",\"2026\",4,1,null,\"undefined\","
                + "0.30000000000000004]",
            "1,2,3,4,5",
            "0,1,2;144;TypeError!;KEY");
  }

  @Test
  void runsAfterTheRuntimesBuiltinsHaveChanged() throws Exception {
    Source source = Source.of("log.js", "console.log(typeof host, typeof other)");
    QuickJsEngine engine = QuickJsEngine.create();
    byte[] bytes = engine.serialize(engine.compile(source, Shape.SCRIPT));
    QuickJsUnit unit = engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT);

    HostedRuntime hosted = new HostedRuntime();
    hosted.run(unit, () -> "");
    assertThat(hosted.output()).isEqualTo("object undefined\n");
    try (QuickJsRuntime bare = QuickJsRuntime.create()) {
      bare.run(unit);
      assertThat(bare.output()).isEqualTo("undefined undefined\n");
    }
  }

  @Test
  void putsThePrologueBeforeTheFirstLine() {
    QuickJsEngine engine =
        QuickJsEngine.create().withPrologue("var exports = {}, module = { exports };");
    Source source = Source.of("lib.js", "exports.a = 7;\nhost.result('' + module.exports.a)");

    assertThat(run(engine.compile(source, Shape.SCRIPT), () -> "")).isEqualTo("7");
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> engine.compile(samples().invalid(), Shape.SCRIPT))
        .satisfies(e -> assertThat(e.line()).isEqualTo(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QuickJsEngine.create().withPrologue("a\nb"));
    assertThat(engine).isNotEqualTo(QuickJsEngine.create());
    assertThat(QuickJsEngine.create())
        .isEqualTo(QuickJsEngine.create())
        .hasSameHashCodeAs(QuickJsEngine.create());
  }

  @Test
  void saysWhatIsWrongWithASource() {
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> QuickJsEngine.create().compile(samples().invalid(), Shape.SCRIPT))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("unexpected token in expression: ']'"));
  }

  @Test
  void reportsWhatIsNestedTooDeeply() {
    Source source = Source.of("deep.js", "(".repeat(100_000) + "1" + ")".repeat(100_000));

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> QuickJsEngine.create().compile(source, Shape.SCRIPT));
  }

  @Test
  void handsOutBytecodeThatOthersCannotChange() throws Exception {
    QuickJsUnit unit = QuickJsEngine.create().compile(samples().calling(), Shape.SCRIPT);

    java.util.Arrays.fill(unit.bytecode(), (byte) 0);

    assertThat(run(unit, () -> "here")).isEqualTo("here");
  }

  @Test
  void refusesBytecodeThatWasChanged() {
    QuickJsEngine engine = QuickJsEngine.create();
    byte[] bytes = engine.serialize(engine.compile(samples().small(), Shape.SCRIPT));
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 64;

      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(
              () -> engine.restore(changed, 0, changed.length, samples().small(), Shape.SCRIPT));
    }
  }

  @Test
  void refusesFunctionBodies() {
    Shape function = Shape.of(Shape.Kind.FUNCTION, "", 1, false);
    QuickJsEngine engine = QuickJsEngine.create();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.compile(samples().small(), function));
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> engine.restore(new byte[4], 0, 4, samples().small(), Shape.SCRIPT));
  }
}
