package dev.thermae.engine.groovy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.code.SourceSet;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineContract;
import dev.thermae.engine.EngineSamples;
import dev.thermae.engine.RestoreException;
import groovy.lang.Binding;
import groovy.lang.GroovyClassLoader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroovyEngineTest extends EngineContract<GroovyUnit> {
  private static final Callable<String> NONE = () -> "";

  @Override
  protected Engine<GroovyUnit> engine() {
    return GroovyEngine.create();
  }

  @Override
  protected Engine<GroovyUnit> engineWithOtherOptions() {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setParameters(true);
    return GroovyEngine.create().withConfiguration(configuration);
  }

  @Override
  protected EngineSamples samples() {
    return new EngineSamples(
        GroovyFeatures.all(),
        Source.of("Text.groovy", "def kept = 'kept'\n'kept'"),
        Source.of(
            "Failing.groovy", "def f() {\n  throw new IllegalStateException('on purpose')\n}\nf()"),
        2,
        Source.of("Invalid.groovy", "def a = 1\ndef b = ][\n"),
        2,
        Source.of("Calling.groovy", "'' + callback()"),
        Source.of("Small.groovy", "1 + 1"));
  }

  @Override
  protected String run(GroovyUnit unit, Callable<String> callback) {
    return run(unit, Map.of("callback", callback));
  }

  private static String run(GroovyUnit unit, Map<String, ?> variables) {
    Binding binding = new Binding();
    variables.forEach((name, value) -> binding.setVariable(name, value));
    try {
      return String.valueOf(unit.newScript(binding).run());
    } catch (RuntimeException e) {
      for (StackTraceElement each : e.getStackTrace()) {
        if (each.getClassName().equals(unit.mainClass().getName())) {
          return e + " at " + each.getFileName() + ':' + each.getLineNumber();
        }
      }
      return e.toString();
    }
  }

  private static GroovyUnit restored(GroovyEngine engine, Source source) throws RestoreException {
    Shape shape = Shape.SCRIPT.named(source.name());
    byte[] bytes = engine.serialize(engine.compile(source, shape));
    return engine.restore(bytes, 0, bytes.length, source, shape);
  }

  @Test
  void definesClassesWhenTheyAreNeeded() throws Exception {
    Source source = Source.of("Lazy.groovy", "class Unused { def a = 1 }\nclass Used {}");

    GroovyUnit unit = restored(GroovyEngine.create(), source);

    assertThat(unit.mainClass().getName()).isEqualTo("Unused");
    assertThat(unit.type("Used").getClassLoader()).isSameAs(unit.mainClass().getClassLoader());
    assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> unit.type("Other"));
  }

  @Test
  void compilesASetOfFilesAsOneUnit() throws Exception {
    Source set =
        SourceSet.of(
            "set",
            Map.of(
                "a/Main.groovy", "new b.Other().name() + callback()",
                "b/Other.groovy", "package b; class Other { def name() { getClass().name } }"));

    GroovyUnit unit = restored(GroovyEngine.create(), set);

    assertThat(unit.mainClass().getName()).isEqualTo("Main");
    assertThat(run(unit, () -> "!")).isEqualTo("b.Other!");
  }

  @Test
  void letsAScriptCompileMore() throws Exception {
    Source source =
        Source.of(
            "More.groovy",
            "getClass().classLoader.parseClass('class M { def m() { 7 } }')"
                + ".getDeclaredConstructor().newInstance().m()");

    assertThat(run(restored(GroovyEngine.create(), source), NONE_VARIABLES)).isEqualTo("7");
  }

  private static final Map<String, Object> NONE_VARIABLES = Map.of("callback", NONE);

  @Test
  void tellsAScriptWhereItCameFrom() throws Exception {
    Source source =
        Source.of(
            "http://host/scripts/Where.groovy?x=1",
            "getClass().protectionDomain.codeSource.location.toString() + getClass().name");

    assertThat(run(restored(GroovyEngine.create(), source), NONE_VARIABLES))
        .isEqualTo("http://host/scripts/Where.groovy?x=1Where");
  }

  @Test
  void staysInMemoryWhereItsSurroundingsCannotBeTold() throws Exception {
    CompilerConfiguration customized = new CompilerConfiguration();
    customized.addCompilationCustomizers(new ImportCustomizer().addStarImports("java.time"));
    GroovyEngine engine = GroovyEngine.create();
    ClassLoader strange = new ClassLoader(getClass().getClassLoader()) {};

    assertThat(engine.withConfiguration(customized).surroundings()).isNull();
    assertThat(engine.withParent(strange).surroundings()).isNull();
    assertThat(engine.withParent(strange).identifiedBy("strange 1").surroundings()).isNotNull();
    assertThat(engine.withParent(strange).identifiedBy("strange 1").surroundings())
        .isNotEqualTo(engine.withParent(strange).identifiedBy("strange 2").surroundings());
    try (GroovyClassLoader compiling = new GroovyClassLoader(getClass().getClassLoader())) {
      assertThat(engine.withParent(compiling).surroundings()).isNull();
    }
  }

  @Test
  void hasAnotherFingerprintForAnotherLibrary() throws Exception {
    ClassLoader own = getClass().getClassLoader();
    URL library =
        org.assertj.core.api.Assertions.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader without = new URLClassLoader(new URL[0], own);
        URLClassLoader with = new URLClassLoader(new URL[] {library}, own)) {
      GroovyEngine engine = GroovyEngine.create();

      assertThat(engine.withParent(with).surroundings())
          .isNotEqualTo(engine.withParent(without).surroundings());
      assertThat(engine.withParent(with).fingerprintParts().get("classpath"))
          .isNotEqualTo(engine.withParent(without).fingerprintParts().get("classpath"));
      assertThat(engine.withParent(with)).isNotEqualTo(engine.withParent(without));
      assertThat(engine.withParent(with)).isEqualTo(GroovyEngine.create().withParent(with));
    }
  }

  @Test
  void hasAnotherFingerprintForOtherContentsOfItsOwnClassPath(@TempDir Path folder)
      throws Exception {
    Path part = Files.writeString(folder.resolve("Part.groovy"), "class Part { int x = 1 }");
    GroovyEngine before = withClassPath(folder.toString());
    Map<String, String> parts = before.fingerprintParts();
    String surroundings = before.surroundings();
    assertThat(withClassPath(folder.toString()).fingerprintParts()).isEqualTo(parts);

    Files.writeString(part, "class Part { int x = 2 }");

    assertThat(withClassPath(folder.toString()).fingerprintParts()).isNotEqualTo(parts);
    assertThat(withClassPath(folder.toString()).surroundings()).isNotEqualTo(surroundings);
    assertThat(withClassPath(folder + "/*").surroundings()).isNull();
  }

  /** Groovy's loaders take addresses as well as paths. */
  @Test
  void looksIntoPlacesThatAreGivenByTheirAddress(@TempDir Path folder) throws Exception {
    Path part = Files.writeString(folder.resolve("Part.groovy"), "class Part { int x = 1 }");
    String place = folder.toUri().toString();
    GroovyEngine before = withClassPathOf(place);
    Map<String, String> parts = before.fingerprintParts();
    String surroundings = before.surroundings();

    Files.writeString(part, "class Part { int x = 2 }");

    assertThat(withClassPathOf(place).fingerprintParts()).isNotEqualTo(parts);
    assertThat(withClassPathOf(place).surroundings()).isNotEqualTo(surroundings);
    assertThat(withClassPathOf("http://host/rate.jar").surroundings()).isNull();
  }

  private static GroovyEngine withClassPathOf(String place) {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setClasspathList(List.of(place));
    return GroovyEngine.create().withConfiguration(configuration);
  }

  private static GroovyEngine withClassPath(String classPath) {
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setClasspath(classPath);
    return GroovyEngine.create().withConfiguration(configuration);
  }

  @Test
  void runsAClassThatIsNoScript() throws Exception {
    Source source =
        Source.of(
            "Program.groovy",
            "class Program {\n static main(args) { System.setProperty('groovy.test', 'ran') }\n}");

    System.clearProperty("groovy.test");
    run(restored(GroovyEngine.create(), source), NONE_VARIABLES);

    assertThat(System.getProperty("groovy.test")).isEqualTo("ran");
    System.clearProperty("groovy.test");
  }

  @Test
  void givesTheSameResultOfCodeThatGroovyCompilesDifferentlyEachTime() throws Exception {
    Source source = GroovyFeatures.GROWING;
    GroovyUnit cold = GroovyEngine.create().compile(source, Shape.SCRIPT.named(source.name()));

    assertThat(run(restored(GroovyEngine.create(), source), NONE_VARIABLES))
        .isEqualTo(run(cold, NONE_VARIABLES))
        .contains("A(1, [3])");
  }
}
