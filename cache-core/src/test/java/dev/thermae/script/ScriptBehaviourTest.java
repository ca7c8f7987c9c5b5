package dev.thermae.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.event.CacheStats;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineFactory;
import org.codehaus.groovy.jsr223.GroovyScriptEngineFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mozilla.javascript.engine.RhinoScriptEngineFactory;

/** Whatever a program does with a script engine, it sees what it would see of the wrapped one. */
class ScriptBehaviourTest {
  @TempDir Path folder;

  static Stream<ScriptCall> calls() {
    return Stream.concat(GroovyCalls.all().stream(), RhinoCalls.all().stream());
  }

  private static ScriptEngineFactory stock(String language) {
    return language.equals("groovy")
        ? new GroovyScriptEngineFactory()
        : new RhinoScriptEngineFactory();
  }

  private static ScriptEngineFactory caching(String language) {
    return language.equals("groovy") ? new CachingGroovyFactory() : new CachingRhinoFactory();
  }

  private static String notes(ScriptCall call, ScriptEngine engine) throws Exception {
    Notes notes = new Notes();
    call.body().run(engine, notes);
    return notes.text();
  }

  private CacheStats runs(ScriptCall call, String expected, String state) throws Exception {
    try (CodeCache cache =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build()) {
      ScriptCaching.replace(cache);
      assertThat(notes(call, caching(call.language()).getScriptEngine()))
          .as(state)
          .isEqualTo(expected);
      assertThat(notes(call, caching(call.language()).getScriptEngine()))
          .as(state + ", another engine")
          .isEqualTo(expected);
      assertThat(cache.flush()).isTrue();
      return cache.stats();
    }
  }

  @AfterEach
  void close() {
    ScriptCaching.replace(null);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void behavesAsTheWrappedEngine(ScriptCall call) throws Exception {
    String expected = notes(call, stock(call.language()).getScriptEngine());

    CacheStats cold = runs(call, expected, "cold");
    CacheStats hot = runs(call, expected, "hot");

    assertThat(cold.faults() + hot.faults()).isZero();
    assertThat(hot.compiles()).as("compiles of a second process").isZero();
    assertThat(hot.restores()).isGreaterThanOrEqualTo(cold.compiles());
  }

  @Test
  void factoriesAnswerAsTheWrappedOnes() {
    for (String language : List.of("groovy", "rhino")) {
      ScriptEngineFactory stock = stock(language);
      ScriptEngineFactory ours = caching(language);

      assertThat(ours.getEngineVersion()).isEqualTo(stock.getEngineVersion());
      assertThat(ours.getLanguageName()).isEqualTo(stock.getLanguageName());
      assertThat(ours.getLanguageVersion()).isEqualTo(stock.getLanguageVersion());
      assertThat(ours.getNames()).containsAll(stock.getNames());
      assertThat(ours.getExtensions()).isEqualTo(stock.getExtensions());
      assertThat(ours.getMimeTypes()).isEqualTo(stock.getMimeTypes());
      for (String key :
          List.of(
              "THREADING",
              "other",
              ScriptEngine.ENGINE,
              ScriptEngine.ENGINE_VERSION,
              ScriptEngine.NAME,
              ScriptEngine.LANGUAGE,
              ScriptEngine.LANGUAGE_VERSION)) {
        assertThat(parameter(ours, key)).as(key).isEqualTo(parameter(stock, key));
      }
      assertThat(ours.getMethodCallSyntax("o", "m", "a", "b"))
          .isEqualTo(stock.getMethodCallSyntax("o", "m", "a", "b"));
      assertThat(ours.getOutputStatement("hi")).isEqualTo(stock.getOutputStatement("hi"));
      assertThat(ours.getProgram("a", "b")).isEqualTo(stock.getProgram("a", "b"));
      assertThat(ours.getEngineName()).isLessThan(stock.getEngineName());
    }
  }

  private static String parameter(ScriptEngineFactory factory, String key) {
    Notes notes = new Notes();
    notes.of(() -> factory.getParameter(key));
    return notes.text();
  }
}
