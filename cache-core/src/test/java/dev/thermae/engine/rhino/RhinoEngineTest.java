package dev.thermae.engine.rhino;

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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.Script;

final class RhinoEngineTest extends EngineContract<Script> {
  private static final Callable<String> NONE = () -> "";

  @Override
  protected Engine<Script> engine() {
    return RhinoEngine.create();
  }

  @Override
  protected Engine<Script> engineWithOtherOptions() {
    return RhinoEngine.create().withLanguageVersion(Context.VERSION_1_8);
  }

  @Override
  protected EngineSamples samples() {
    return RhinoFeatures.samples();
  }

  @Override
  protected String run(Script unit, Callable<String> callback) {
    return RhinoRuns.run(unit, callback);
  }

  /** Rhino's interpreter prints its own failures before it throws them. */
  @Override
  protected void runDamaged(Script unit) {
    PrintStream before = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      RhinoRuns.runBriefly(unit);
    } finally {
      System.setErr(before);
    }
  }

  /** The largest of the samples takes 17 ms for each. */
  @Override
  protected Source ofMany() {
    return samples().small();
  }

  static List<Source> features() {
    return RhinoFeatures.all();
  }

  private static Script restored(RhinoEngine engine, Source source) throws RestoreException {
    byte[] bytes = engine.serialize(engine.compile(source, Shape.SCRIPT));
    return engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT);
  }

  /** As a program without a cache would do it, to class files or to interpreter code. */
  private static String plain(Source source, boolean interpreted) {
    Script script;
    Context context = Context.enter();
    try {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      context.setInterpretedMode(interpreted);
      script = context.compileString(source.text(), source.name(), 1, null);
    } finally {
      Context.exit();
    }
    return RhinoRuns.run(script, NONE);
  }

  /**
   * Interpreter code depends on the build of Rhino alone: no part of it comes from the JDK or the
   * architecture, and regular expressions, the one part that Rhino derives further, are compiled
   * anew. Units are therefore stored without the JDK in their fingerprint; the build runs this test
   * on two JDKs.
   */
  @ParameterizedTest
  @MethodSource("features")
  void givesWhatRhinoGives(Source source) throws RestoreException {
    String interpreted = plain(source, true);

    assertThat(RhinoRuns.run(restored(RhinoEngine.create(), source), NONE)).isEqualTo(interpreted);
    if (!interpreted.contains(" at ")) {
      assertThat(plain(source, false)).isEqualTo(interpreted);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lodash/4.17.21/lodash.js, '_.chunk(_.range(5), 2).join(\"|\") + _.VERSION'",
    "mustache/4.2.0/mustache.js, 'Mustache.render(\"a {{#l}}<{{.}}>{{/l}}\", {l: [1, 2]})'"
  })
  void restoresLibraries(String path, String use) throws Exception {
    String library = library(path);
    Source source = Source.of(path, library + "\n;" + use);

    Script unit = restored(RhinoEngine.create(), source);

    assertThat(RhinoRuns.run(unit, NONE)).isEqualTo(plain(source, true)).doesNotContain(" at ");
  }

  private static String library(String path) throws IOException {
    String resource = "/META-INF/resources/webjars/" + path;
    try (InputStream in = RhinoEngineTest.class.getResourceAsStream(resource)) {
      Assumptions.assumeTrue(in != null, path + " is not on the test class path");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void serializesAUnitThatRanAsBefore() throws RestoreException {
    RhinoEngine engine = RhinoEngine.create();
    for (Source source : RhinoFeatures.all()) {
      Script unit = engine.compile(source, Shape.SCRIPT);
      byte[] before = engine.serialize(unit);
      RhinoRuns.run(unit, NONE);

      assertThat(engine.serialize(unit)).as(source.name()).isEqualTo(before);
    }
  }

  @Test
  void numbersLinesFromTheFirst() throws RestoreException {
    RhinoEngine engine = RhinoEngine.create();
    Source source = Source.of("offset.js", "\nnull.x");
    Shape shape = Shape.SCRIPT.startingAt(41);
    byte[] bytes = engine.serialize(engine.compile(source, shape));

    Script unit = engine.restore(bytes, 0, bytes.length, source, shape);

    assertThat(RhinoRuns.run(unit, NONE)).contains("offset.js:42");
  }

  @Test
  void isStrictFromTheOutside() throws RestoreException {
    RhinoEngine engine = RhinoEngine.create();
    Source source = Source.of("strict.js", "try { undeclared = 1; 'sloppy' } catch (e) { e.name }");
    Shape strict = Shape.of(Shape.Kind.SCRIPT, "", 1, true);
    byte[] bytes = engine.serialize(engine.compile(source, strict));

    Script unit = engine.restore(bytes, 0, bytes.length, source, strict);

    assertThat(RhinoRuns.run(unit, NONE)).isEqualTo("ReferenceError");
    assertThat(RhinoRuns.run(engine.compile(source, Shape.SCRIPT), NONE)).isEqualTo("sloppy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MODULE", "FUNCTION"})
  void compilesScriptsOnly(Shape.Kind kind) {
    Shape shape = Shape.of(kind, "", 1, false);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RhinoEngine.create().compile(Source.of("a.js", "1"), shape))
        .withMessageContaining(kind.name());
  }

  @Test
  void reportsErrorsAsRhinoDoesAndPrintsNothing() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> compile(RhinoEngine.create(), "a = (1;\n"))
          .satisfies(e -> assertThat(e.detail()).isEqualTo("missing ) in parenthetical"))
          .withCauseInstanceOf(EvaluatorException.class);
      assertThatExceptionOfType(CompileException.class)
          .isThrownBy(() -> compile(RhinoEngine.create(), "x = /(/;"))
          .withMessageContaining("test.js");
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static Script compile(RhinoEngine engine, String text) {
    return engine.compile(Source.of("test.js", text), Shape.SCRIPT);
  }

  /** Rhino's parser catches its own overflow; what follows the parser does not. */
  @ParameterizedTest
  @MethodSource("deep")
  void failsToCompileWhatIsNestedTooDeeply(String text) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Runnable compile =
        () -> {
          try {
            compile(RhinoEngine.create(), text);
          } catch (CompileException | StackOverflowError e) {
            thrown.set(e);
          }
        };
    Thread small = new Thread(null, compile, "small stack", 256 * 1024);
    small.start();
    small.join();

    assertThat(thrown.get())
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("deep")
        .hasMessageContaining("test.js");
  }

  static List<String> deep() {
    return List.of("(".repeat(200_000) + "1" + ")".repeat(200_000), "a" + "+a".repeat(100_000));
  }

  @Test
  void doesNotCareWhatTheCurrentContextIsSetTo() throws RestoreException {
    RhinoEngine engine = RhinoEngine.create();
    Source source = Source.of("a.js", "/\\u{61}/u.test('a') && (() => 1)()");
    byte[] expected = engine.serialize(engine.compile(source, Shape.SCRIPT));
    Context context = Context.enter();
    try {
      context.setLanguageVersion(Context.VERSION_1_5);
      context.addActivationName("x");
      Script unit = engine.compile(source, Shape.SCRIPT);

      assertThat(engine.serialize(unit)).isEqualTo(expected);
      assertThat(engine.restore(expected, 0, expected.length, source, Shape.SCRIPT)).isNotNull();
      assertThat(context.getLanguageVersion()).isEqualTo(Context.VERSION_1_5);
    } finally {
      Context.exit();
    }
  }

  @Test
  void compilesAsTheFactoryWould() {
    RhinoEngine plain = RhinoEngine.create();
    RhinoEngine strict = plain.withContextFactory(new Strict());

    assertThat(strict.fingerprintParts()).containsEntry("warningsAsErrors", "true");
    assertThat(strict.surroundings()).isNotEqualTo(plain.surroundings());
    assertThatExceptionOfType(CompileException.class)
        .isThrownBy(() -> compile(strict, "var a; var a;"));
    String elsewhere =
        ContextFactory.getGlobal()
            .call(context -> plain.withContextFactory(new Strict()).surroundings());
    assertThat(elsewhere)
        .as("asked on a thread that is in another factory's Context")
        .isEqualTo(strict.surroundings());
  }

  private static final class Strict extends ContextFactory {
    @Override
    protected boolean hasFeature(Context context, int feature) {
      return feature == Context.FEATURE_STRICT_MODE
          || feature == Context.FEATURE_WARNING_AS_ERROR
          || super.hasFeature(context, feature);
    }
  }

  @Test
  void refusesCodeOfAnotherSource() throws RestoreException {
    RhinoEngine engine = RhinoEngine.create();
    byte[] bytes = engine.serialize(compile(engine, "1 + 1"));

    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(
            () -> engine.restore(bytes, 0, bytes.length, Source.of("b.js", "1"), Shape.SCRIPT));
  }

  @Test
  void refusesWhatIsNotInterpreterCode() {
    Context context = Context.enter();
    try {
      Script compiled = context.compileString("1", "a.js", 1, null);

      assertThatExceptionOfType(RestoreException.class)
          .isThrownBy(() -> RhinoEngine.create().serialize(compiled))
          .withMessageContaining("not interpreter code");
    } finally {
      Context.exit();
    }
    assertThatExceptionOfType(RestoreException.class)
        .isThrownBy(() -> RhinoEngine.create().serialize((c, scope, self) -> null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16BE", "ISO-8859-1", "windows-1252"})
  void restoresTheTextOfSourcesInAnyCharset(String charset) throws Exception {
    String text = "function f() { return '\u00e9\u00ff' }\nf.toString()";
    Source source = Source.of("a.js", text.getBytes(charset), Charset.forName(charset));

    assertThat(RhinoRuns.run(restored(RhinoEngine.create(), source), NONE))
        .isEqualTo("function f() { return '\u00e9\u00ff' }");
  }
}
