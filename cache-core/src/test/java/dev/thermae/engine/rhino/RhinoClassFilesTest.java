package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** The form of class files: the contract of engines, and what Rhino gives in its default mode. */
final class RhinoClassFilesTest extends EngineContract<Script> {
  private static final Callable<String> NONE = () -> "";
  private static final int UNITS = Integer.getInteger("thermae.units", 10_000);

  @Override
  protected Engine<Script> engine() {
    return RhinoEngine.create().withClassFiles();
  }

  @Override
  protected Engine<Script> engineWithOtherOptions() {
    return RhinoEngine.create();
  }

  @Override
  protected EngineSamples samples() {
    return RhinoFeatures.samples();
  }

  @Override
  protected String run(Script unit, Callable<String> callback) {
    return RhinoRuns.run(unit, callback);
  }

  static List<Source> features() {
    return RhinoFeatures.all();
  }

  private static Script restored(Engine<Script> engine, Source source) throws RestoreException {
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] bytes = engine.serialize(engine.compile(source, shape));
    return engine.restore(bytes, 0, bytes.length, source, shape);
  }

  private static boolean isInterpreted(Script script) {
    Object code = ((JSScript) script).getDescriptor().getCode();
    return code.getClass().getSimpleName().equals("InterpreterData");
  }

  /** As a program without a cache would do it, in Rhino's default mode. */
  private static Script plain(ContextFactory factory, Source source) {
    Context context = factory.enterContext();
    try {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      return context.compileString(source.text(), source.name(), 1, null);
    } finally {
      Context.exit();
    }
  }

  /** The same form for the same scripts, and the same results and errors from it. */
  @ParameterizedTest
  @MethodSource("features")
  void givesWhatRhinoGives(Source source) throws RestoreException {
    Script plain = plain(ContextFactory.getGlobal(), source);

    Script unit = restored(engine(), source);

    assertThat(isInterpreted(unit)).isEqualTo(isInterpreted(plain));
    assertThat(RhinoRuns.run(unit, NONE)).isEqualTo(RhinoRuns.run(plain, NONE));
  }
}
