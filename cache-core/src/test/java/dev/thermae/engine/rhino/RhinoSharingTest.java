package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** What scopes may share, and what they must not. */
class RhinoSharingTest {
  /** Says whether the call site's array is one of the scope that runs it. */
  private static final String TAGGED =
      "function tag(parts) { return parts instanceof Array; } tag`a${1}b`;";

  private static final Source TEMPLATE = Source.of("template.js", TAGGED);
  private static final Source PLAIN = Source.of("plain.js", "(function() { return `a`.length; })");

  static Stream<RhinoEngine> engines() {
    return Stream.of(RhinoEngine.create(), RhinoEngine.create().withClassFiles());
  }

  @TempDir Path folder;

  private static Object run(Script script) {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      Scriptable scope = context.initStandardObjects();
      return script.exec(context, scope, scope);
    }
  }

  private CodeCache cache() {
    return CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void callSitesOfTaggedTemplatesBelongToTheScopeThatRunsThem(RhinoEngine engine) {
    for (int process = 0; process < 3; process++) {
      try (CodeCache cache = cache()) {
        for (int scope = 0; scope < 3; scope++) {
          assertThat(run(cache.compile(engine, TEMPLATE).code())).isEqualTo(true);
          cache.flush();
        }
        assertThat(cache.unitsInMemory()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void templatesWithoutTagAreShared(RhinoEngine engine) {
    try (CodeCache cache = cache()) {
      cache.compile(engine, PLAIN);
      assertThat(cache.unitsInMemory()).isEqualTo(1);
    }
    try (CodeCache cache = cache()) {
      cache.compile(engine, PLAIN);
      assertThat(cache.unitsInMemory()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void restoredUnitKnowsWhetherItIsShared(RhinoEngine engine) throws Exception {
    for (Source source : new Source[] {TEMPLATE, PLAIN}) {
      Shape shape = Shape.SCRIPT.named(source.name());
      Script compiled = engine.compile(source, shape);
      byte[] bytes = engine.serialize(compiled);
      Script restored = engine.restore(bytes, 0, bytes.length, source, shape);
      assertThat(engine.shares(compiled)).isEqualTo(source.equals(PLAIN));
      assertThat(engine.shares(restored)).isEqualTo(source.equals(PLAIN));
    }
  }

  @Test
  void enginesOfOneFactoryAndVersionShareUnits() {
    try (CodeCache cache = cache()) {
      Script first = cache.compile(RhinoEngine.create(), PLAIN).code();
      assertThat(cache.compile(RhinoEngine.create(), PLAIN).code()).isSameAs(first);
      RhinoEngine older = RhinoEngine.create().withLanguageVersion(Context.VERSION_1_8);
      assertThat(older).isNotEqualTo(RhinoEngine.create());
    }
  }

  /** Constants, functions, regular expressions and call sites that were linked in another scope. */
  private static final Source SCOPED =
      Source.of(
          "scoped.js",
          """
          const seen = given * 2;
          var count = (typeof count === 'number' ? count : 0) + 1;
          function add(n) { return n + given; }
          function matches(text) { return /a(.)/g.exec(text); }
          var found = matches('xab' + given);
          found.index += given;
          if (given > 2) { Math = { abs: function () { return 'mine'; } }; }
          var o = given % 2 ? { x: given } : { y: 1, x: 'even' + given };
          function tag(parts) { return parts; }
          [seen, count, add(1), found[1] + found.index, /a/.lastIndex, Math.abs(-1), o.x,
            found instanceof Array, RegExp.$1].join();
          """);

  private static Object run(Script script, int given) {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      Scriptable own = context.initStandardObjects();
      ScriptableObject.putProperty(own, "given", given);
      return script.exec(context, own, own);
    }
  }

  private static Object expected(RhinoEngine engine, int given) {
    return run(engine.compile(SCOPED, Shape.SCRIPT.named(SCOPED.name())), given);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void givesEveryScopeItsOwnWhateverRanBefore(RhinoEngine engine) {
    Script shared;
    try (CodeCache cache = cache()) {
      cache.compile(engine, SCOPED);
    }
    try (CodeCache cache = cache()) {
      shared = cache.compile(engine, SCOPED).code();
      assertThat(cache.compile(engine, SCOPED).code()).isSameAs(shared);
    }
    for (int given = 0; given < 40; given++) {
      assertThat(run(shared, given)).isEqualTo(expected(engine, given));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void givesThreadsWhatTheirScopesHold(RhinoEngine engine) throws Exception {
    Script shared = engine.compile(SCOPED, Shape.SCRIPT.named(SCOPED.name()));
    List<Object> expected = new ArrayList<>();
    List<Callable<Object>> work = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int given = i % 5;
      expected.add(expected(engine, given));
      work.add(() -> run(shared, given));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Object> results = new ArrayList<>();
      for (Future<Object> each : threads.invokeAll(work)) {
        results.add(each.get());
      }
      assertThat(results).isEqualTo(expected);
    } finally {
      threads.shutdownNow();
    }
  }
}
