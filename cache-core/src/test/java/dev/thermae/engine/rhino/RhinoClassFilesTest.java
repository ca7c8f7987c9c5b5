package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.ClassPathIdentity;
import dev.thermae.engine.CompileException;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import dev.thermae.event.Origin;
import dev.thermae.policy.CachePolicy;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.ErrorReporter;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.GeneratedClassLoader;
import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.SecurityController;

/** The form of class files: the contract of engines, and what Rhino gives in its default mode. */
final class RhinoClassFilesTest extends EngineContract<Script> {
  private static final Callable<String> NONE = () -> "";

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

  @Override
  protected Source ofMany() {
    return samples().small();
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
    List<JSDescriptor<?>> ours = functions(unit);
    List<JSDescriptor<?>> theirs = functions(plain);
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(new FunctionHead(ours.get(i)).matches(new FunctionHead(theirs.get(i)))).isTrue();
    }
  }

  private static List<JSDescriptor<?>> functions(Script script) {
    List<JSDescriptor<?>> functions = new ArrayList<>();
    functions.add(((JSScript) script).getDescriptor());
    for (int i = 0; i < functions.size(); i++) {
      functions.addAll(functions.get(i).getNestedFunctions());
    }
    return functions;
  }

  @ParameterizedTest
  @CsvSource({
    "lodash/4.17.21/lodash.js, '_.chunk(_.range(5), 2).join(\"|\") + _.VERSION'",
    "mustache/4.2.0/mustache.js, 'Mustache.render(\"a {{#l}}<{{.}}>{{/l}}\", {l: [1, 2]})'"
  })
  void restoresLibraries(String path, String use) throws Exception {
    String resource = "/META-INF/resources/webjars/" + path;
    try (InputStream in = RhinoClassFilesTest.class.getResourceAsStream(resource)) {
      Assumptions.assumeTrue(in != null, path + " is not on the test class path");
      String library = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Source source = Source.of(path, library + "\n;" + use);
      Script plain = plain(ContextFactory.getGlobal(), source);

      Script unit = restored(engine(), source);

      assertThat(isInterpreted(unit)).isFalse();
      assertThat(RhinoRuns.run(unit, NONE))
          .isEqualTo(RhinoRuns.run(plain, NONE))
          .doesNotContain(" at ");
    }
  }

  /** What a Context is set to besides its language version. */
  private static final class SetTo extends ContextFactory {
    private final boolean debug;
    private final int steps;

    SetTo(boolean debug, int steps) {
      this.debug = debug;
      this.steps = steps;
    }

    @Override
    protected Context makeContext() {
      Context context = super.makeContext();
      context.setGeneratingDebug(debug);
      context.setGenerateObserverCount(steps > 0);
      context.setInstructionObserverThreshold(steps);
      return context;
    }

    @Override
    protected void observeInstructionCount(Context context, int count) {
      throw Context.reportRuntimeError("stopped after " + steps);
    }
  }

  private static String run(ContextFactory factory, Script script) {
    Context context = factory.enterContext();
    try {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      ScriptableObject scope = context.initStandardObjects();
      return Context.toString(script.exec(context, scope, scope));
    } catch (RhinoException e) {
      return e.getMessage() + e.getScriptStackTrace();
    } finally {
      Context.exit();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"for (;;);", "function f() { return 1 }\nf();\nnull.x"})
  void countsInstructionsAndDebugsAsRhinoDoes(String text) throws RestoreException {
    Source source = Source.of("counted.js", text);
    for (boolean debug : new boolean[] {false, true}) {
      SetTo factory = new SetTo(debug, 10_000);
      RhinoEngine engine = RhinoEngine.create().withClassFiles().withContextFactory(factory);

      Script unit = restored(engine, source);

      assertThat(isInterpreted(unit)).isFalse();
      assertThat(run(factory, unit)).isEqualTo(run(factory, plain(factory, source)));
    }
  }

  @Test
  void doesNotCareWhatTheCurrentContextIsSetTo() throws RestoreException {
    Source source = Source.of("a.js", "/\\u{61}/u.test('a') && (() => 1)()");
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] expected = engine().serialize(engine().compile(source, shape));
    Script unit;
    Context context = Context.enter();
    try {
      context.setLanguageVersion(Context.VERSION_1_5);
      context.addActivationName("x");
      context.setInterpretedMode(true);

      assertThat(engine().serialize(engine().compile(source, shape))).isEqualTo(expected);
      unit = engine().restore(expected, 0, expected.length, source, shape);
      assertThat(context.getLanguageVersion()).isEqualTo(Context.VERSION_1_5);
    } finally {
      Context.exit();
    }
    assertThat(isInterpreted(unit)).isFalse();
    assertThat(RhinoRuns.run(unit, NONE)).isEqualTo("1");
  }

  static List<Source> tooLarge() {
    String name = "n".repeat(70_000);
    StringBuilder constants = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      constants.append("function g").append(i).append("() { return [");
      for (int j = 0; j < 80; j++) {
        constants.append("'s").append(i).append('_').append(j).append("',");
      }
      constants.append("].length }\n");
    }
    return List.of(
        Source.of("code.js", "var s = 0;" + "s += Math.abs(-1);\n".repeat(9_000) + "s"),
        Source.of("constants.js", constants + "g7()"),
        Source.of("string.js", "var o = {}; o." + name + " = 4; o." + name));
  }

  @ParameterizedTest
  @MethodSource("tooLarge")
  void interpretsWhatIsTooLargeForClassFiles(Source source) throws RestoreException {
    RhinoEngine interpreting = RhinoEngine.create();
    Script expected = interpreting.compile(source, Shape.SCRIPT);

    Script compiled = engine().compile(source, Shape.SCRIPT.named(source.name()));
    Script unit = restored(engine(), source);

    assertThat(isInterpreted(compiled)).isTrue();
    assertThat(isInterpreted(unit)).isTrue();
    assertThat(RhinoRuns.run(unit, NONE))
        .isEqualTo(RhinoRuns.run(expected, NONE))
        .doesNotContain(" at ");
    assertThat(engine().serialize(unit)).isEqualTo(interpreting.serialize(expected));
  }

  @Test
  void restoresWhatIsTooLargeAsWhatItWasStoredAs(@TempDir Path folder) {
    Source source = tooLarge().get(0);
    for (Origin origin : new Origin[] {Origin.COMPILED, Origin.RESTORED}) {
      try (CodeCache cache =
          CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build()) {
        Compiled<Script> unit = cache.compile(engine(), source);

        assertThat(unit.origin()).isEqualTo(origin);
        assertThat(isInterpreted(unit.code())).isTrue();
        assertThat(RhinoRuns.run(unit.code(), NONE)).isEqualTo("9000");
      }
    }
  }

  /** A class file is tried only once: each parse of this script warns once. */
  @Test
  void remembersWhatIsTooLarge() {
    String text = "if (s = 0) s;" + "s += Math.abs(-1);\n".repeat(9_001) + "s";
    Source source = Source.of("remembered.js", text);
    ContextFactory strict = new Strict();
    RhinoEngine engine = RhinoEngine.create().withClassFiles().withContextFactory(strict);
    AtomicInteger warnings = new AtomicInteger();
    Context context = strict.enterContext();
    try {
      context.setErrorReporter(new Counting(warnings));
      assertThat(isInterpreted(engine.compile(source, Shape.SCRIPT))).isTrue();
      int first = warnings.getAndSet(0);
      assertThat(isInterpreted(engine.compile(source, Shape.SCRIPT))).isTrue();

      assertThat(first).isEqualTo(2 * warnings.get()).isPositive();
    } finally {
      Context.exit();
    }
  }

  private static final class Strict extends ContextFactory {
    @Override
    protected boolean hasFeature(Context context, int feature) {
      return feature == Context.FEATURE_STRICT_MODE || super.hasFeature(context, feature);
    }
  }

  private record Counting(AtomicInteger warnings) implements ErrorReporter {
    @Override
    public void warning(String message, String name, int line, String text, int column) {
      warnings.incrementAndGet();
    }

    @Override
    public void error(String message, String name, int line, String text, int column) {
      throw runtimeError(message, name, line, text, column);
    }

    @Override
    public EvaluatorException runtimeError(
        String message, String name, int line, String text, int column) {
      return new EvaluatorException(message, name, line, text, column);
    }
  }

  /** More than the contract asks for: damaged class files are not even looked at. */
  @Test
  void refusesEveryFlippedBit() throws RestoreException {
    Source source = samples().small();
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] bytes = engine().serialize(engine().compile(source, shape));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(() -> engine().restore(damaged, 0, damaged.length, source, shape));
    }
  }

  @Test
  void refusesClassesThatDoNotVerify() throws RestoreException {
    Source source = Source.of("a.js", "var o = {}; typeof o");
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] bytes = engine().serialize(engine().compile(source, shape));
    byte[] forged = ForgedClassFiles.replace(bytes, "_descriptors", "_descriptorz");

    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> engine().restore(forged, 0, forged.length, source, shape))
        .withCauseInstanceOf(LinkageError.class);
  }

  @Test
  void refusesWhatItsDefaultModeCannotBeToldFrom() {
    Context context = Context.enter();
    try {
      Script compiled = context.compileString("1", "a.js", 1, null);

      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(() -> engine().serialize(compiled));
    } finally {
      Context.exit();
    }
  }

  private static final class Controller extends SecurityController {
    @Override
    public GeneratedClassLoader createClassLoader(ClassLoader parent, Object domain) {
      throw new IllegalStateException("no loader is asked for");
    }

    @Override
    public Object getDynamicSecurityDomain(Object domain) {
      return domain;
    }
  }

  /** Its loaders and domains are not those of stored classes. */
  @Test
  void interpretsUnderASecurityController() throws RestoreException {
    Source source = Source.of("a.js", "40 + 2");
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] classes = engine().serialize(engine().compile(source, shape));
    Context context = Context.enter();
    try {
      context.setSecurityController(new Controller());

      assertThat(isInterpreted(engine().compile(source, shape))).isTrue();
      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(() -> engine().restore(classes, 0, classes.length, source, shape))
          .withMessageContaining("SecurityController");
    } finally {
      Context.exit();
    }
    assertThat(isInterpreted(engine().compile(source, shape))).isFalse();
  }

  /** Regular expressions are compiled when the classes begin, as Rhino has it. */
  @Test
  void reportsRegularExpressionsThatDoNotCompile() {
    Source source = Source.of("a.js", "var x = 1;\nx = /(/;");

    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> engine().compile(source, Shape.SCRIPT.named(source.name())))
        .withMessageContaining("a.js")
        .withCauseInstanceOf(RhinoException.class)
        .satisfies(
            e ->
                assertThatExceptionOfType(RhinoException.class)
                    .isThrownBy(() -> plain(ContextFactory.getGlobal(), source))
                    .satisfies(plain -> assertThat(plain.details()).isEqualTo(e.detail())));
  }

  @Test
  void isAnotherFormWithAnotherFingerprint() {
    RhinoEngine interpreting = RhinoEngine.create();
    RhinoEngine compiling = interpreting.withClassFiles();

    assertThat(compiling).isEqualTo(RhinoEngine.create().withClassFiles());
    assertThat(compiling).isNotEqualTo(interpreting);
    assertThat(compiling.surroundings())
        .startsWith(interpreting.surroundings())
        .contains(ClassPathIdentity.jdk());
    assertThat(compiling.fingerprintParts())
        .containsAllEntriesOf(interpreting.fingerprintParts())
        .containsEntry("jdk", ClassPathIdentity.jdk())
        .containsKey("form");
    assertThat(compiling.withLanguageVersion(Context.VERSION_1_8).bakesName()).isTrue();
  }

  /** An engine for interpreter code never takes class files for it, nor the other way round. */
  @Test
  void readsInterpreterCodeTooButIsNotReadByTheOtherEngine() throws RestoreException {
    Source source = samples().small();
    Shape shape = Shape.SCRIPT.named(source.name());
    RhinoEngine interpreting = RhinoEngine.create();
    byte[] classes = engine().serialize(engine().compile(source, shape));
    byte[] code = interpreting.serialize(interpreting.compile(source, shape));

    assertThat(isInterpreted(engine().restore(code, 0, code.length, source, shape))).isTrue();
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> interpreting.restore(classes, 0, classes.length, source, shape));
  }
}
