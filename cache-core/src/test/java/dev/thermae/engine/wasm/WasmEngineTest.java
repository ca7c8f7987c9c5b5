package dev.thermae.engine.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassBundle;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class WasmEngineTest extends EngineContract<WasmUnit> {
  @Override
  protected Engine<WasmUnit> engine() {
    return WasmEngine.create();
  }

  @Override
  protected Engine<WasmUnit> engineWithOtherOptions() {
    return WasmEngine.create().withFunctionsPerClass(100);
  }

  /** Its lines are numbers of functions, as traps have no other place. */
  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        WasmModules.all(),
        WasmModules.text(),
        WasmModules.failing(),
        2,
        WasmModules.invalid(),
        0,
        WasmModules.calling(),
        WasmModules.small());
  }

  @Override
  protected String run(WasmUnit unit, Callable<String> callback) {
    Instance instance = instance(unit, callback);
    try {
      long result = instance.export("run").apply()[0];
      int address = (int) (result >>> 32);
      return address == 0
          ? Long.toString(result)
          : instance.memory().readString(address, (int) result);
    } catch (ChicoryException e) {
      for (StackTraceElement each : e.getStackTrace()) {
        if (each.getMethodName().startsWith("func_")) {
          return e + " in " + unit.name() + ", " + each.getMethodName();
        }
      }
      return e + " in " + unit.name();
    }
  }

  private static Instance instance(WasmUnit unit, Callable<String> callback) {
    HostFunction function =
        new HostFunction(
            "env",
            "callback",
            FunctionType.of(List.of(ValType.I32), List.of(ValType.I32)),
            (instance, args) -> new long[] {write(instance, (int) args[0], callback)});
    ImportValues imports = ImportValues.builder().addFunction(function).build();
    return unit.instance().withImportValues(imports).build();
  }

  private static int write(Instance instance, int address, Callable<String> callback) {
    try {
      byte[] text = callback.call().getBytes(StandardCharsets.UTF_8);
      instance.memory().write(address, text);
      return text.length;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static WasmUnit restored(WasmEngine engine, Source source) throws RestoreException {
    byte[] bytes = engine.serialize(engine.compile(source, Shape.SCRIPT));
    return engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT);
  }

  private String run(WasmUnit unit) {
    return run(unit, () -> "");
  }

  @Test
  void dependsOnAllThatDecidesItsCode() {
    assertThat(engine().fingerprintParts())
        .containsOnlyKeys(
            "engine", "format", "options", "compiler", "runtime", "parser", "asm", "asm-commons");
    assertThat(new HashSet<>(engine().fingerprintParts().values()))
        .as("each jar is one of its own")
        .hasSameSizeAs(engine().fingerprintParts().keySet());
  }

  @Test
  void givesTheResultsThatItShould() throws Exception {
    WasmEngine engine = WasmEngine.create();

    assertThat(run(restored(engine, WasmModules.loop()))).isEqualTo("55");
    assertThat(run(restored(engine, WasmModules.table()))).isEqualTo("42");
    assertThat(run(restored(engine, WasmModules.text()))).isEqualTo("kept");
    assertThat(run(restored(engine, WasmModules.large("Large.wasm")))).isEqualTo("41");
  }

  @Test
  void storesBodiesOfInterpretedFunctionsOnly() throws Exception {
    WasmUnit unit = restored(WasmEngine.create(), WasmModules.large("Large.wasm"));

    assertThat(instructions(unit, 0)).isEqualTo(2);
    assertThat(instructions(unit, 1)).isGreaterThan(60_000);
    assertThat(instructions(unit, 2)).isEqualTo(2);
  }

  private static int instructions(WasmUnit unit, int function) {
    return unit.wasmModule().codeSection().getFunctionBody(function).instructions().size();
  }

  @Test
  void interpretsWhatItIsToldTo() throws Exception {
    WasmEngine engine = WasmEngine.create().withInterpreted(Set.of(1));

    WasmUnit unit = restored(engine, WasmModules.loop());

    assertThat(instructions(unit, 0)).isGreaterThan(2);
    assertThat(run(unit)).isEqualTo("55");
  }

  @Test
  void reportsWhatIsTooLargeWhereNothingMayBeInterpreted() {
    WasmEngine engine = WasmEngine.create().withoutInterpreter();

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> engine.compile(WasmModules.large("Large.wasm"), Shape.SCRIPT))
        .withMessageContaining("Large.wasm")
        .withMessageContaining("function index: 2");
  }

  @Test
  void reportsBytesThatAreNoModule() {
    for (String text : List.of("", "no module", "\0asm")) {
      Source source = Source.of("Text.wasm", text);

      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> WasmEngine.create().compile(source, Shape.SCRIPT))
          .satisfies(e -> assertThat(e.name()).isEqualTo("Text.wasm"));
    }
  }

  @Test
  void keepsCustomSectionsButNamesAndDebugInformation() throws Exception {
    Source source =
        new WasmAssembler()
            .function(WasmAssembler.RUN, 0x42, 2)
            .custom("kept", (byte) 1, (byte) 2)
            .custom("name", (byte) 1, (byte) 4, (byte) 1, (byte) 1, (byte) 1, (byte) 'f')
            .custom(".debug_info", new byte[1000])
            .source("Custom.wasm");

    WasmUnit cold = WasmEngine.create().compile(source, Shape.SCRIPT);
    WasmUnit hot = restored(WasmEngine.create(), source);

    assertThat(hot.wasmModule().customSections()).hasSize(1);
    assertThat(hot.wasmModule().customSection("kept")).isNotNull();
    assertThat(cold.wasmModule()).isEqualTo(hot.wasmModule());
    assertThat(cold.wasmModule().customSections()).hasSize(1);
  }

  @Test
  void makesMachinesForItsOwnModuleOnly() throws Exception {
    WasmUnit one = restored(WasmEngine.create(), WasmModules.small());
    WasmUnit other = restored(WasmEngine.create(), WasmModules.loop());

    Instance instance = instance(one, () -> "");
    assertThat(one.machineFactory().apply(instance)).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.machineFactory().apply(instance))
        .withMessageContaining("Loop.wasm");
  }

  @Test
  void refusesBundlesThatLackAPart() throws Exception {
    WasmEngine engine = WasmEngine.create();
    Source source = WasmModules.small();
    byte[] outline = ModuleOutline.of(source.bytes(), Set.of());
    ClassBundle noModule = ClassBundle.of("", Map.of("a.B", new byte[3]));
    ClassBundle noMain = ClassBundle.of("", Map.of(WasmCompiler.OUTLINE, outline));
    Map<String, byte[]> broken = new LinkedHashMap<>();
    broken.put("a.B", new byte[3]);
    broken.put(WasmCompiler.OUTLINE, outline);
    ClassBundle noClass = ClassBundle.of("a.B", broken);
    broken.put(WasmCompiler.OUTLINE, new byte[] {1, 2, 3});
    ClassBundle malformed = ClassBundle.of("a.B", broken);

    for (ClassBundle bundle : List.of(noModule, noMain, noClass, malformed)) {
      byte[] bytes = bundle.bytes();
      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(() -> engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT));
    }
  }

  @Test
  void sharesUnitsBetweenEqualEnginesOnly() {
    WasmEngine engine = WasmEngine.create();

    assertThat(engine).isEqualTo(WasmEngine.create()).hasSameHashCodeAs(WasmEngine.create());
    assertThat(engine.withInterpreted(Set.of(2, 1)))
        .isEqualTo(engine.withInterpreted(Set.of(1, 2)))
        .isNotEqualTo(engine);
    assertThat(engine.withoutInterpreter()).isNotEqualTo(engine);
    assertThatIllegalArgumentException().isThrownBy(() -> engine.withFunctionsPerClass(0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> engine.compile(WasmModules.small(), Shape.of(Shape.Kind.FUNCTION, "", 1, false)));
  }
}
