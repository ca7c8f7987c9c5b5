package dev.thermae.engine.rhino;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;

/** What scopes may share, and what they must not. */
class RhinoSharingTest {
  /** Says whether the call site's array is one of the scope that runs it. */
  private static final String TAGGED =
      "function tag(parts) { return parts instanceof Array; } tag`a${1}b`;";

  private static final Source TEMPLATE = Source.of("template.js", TAGGED);
  private static final Source PLAIN = Source.of("plain.js", "(function() { return `a`.length; })");

  private final RhinoEngine engine = RhinoEngine.create();

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

  @Test
  void callSitesOfTaggedTemplatesBelongToTheScopeThatRunsThem() {
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

  @Test
  void templatesWithoutTagAreShared() {
    try (CodeCache cache = cache()) {
      cache.compile(engine, PLAIN);
      assertThat(cache.unitsInMemory()).isEqualTo(1);
    }
    try (CodeCache cache = cache()) {
      cache.compile(engine, PLAIN);
      assertThat(cache.unitsInMemory()).isEqualTo(1);
    }
  }

  @Test
  void restoredUnitKnowsWhetherItIsShared() throws Exception {
    for (Source source : new Source[] {TEMPLATE, PLAIN}) {
      Script compiled = engine.compile(source, Shape.SCRIPT);
      byte[] bytes = engine.serialize(compiled);
      Script restored = engine.restore(bytes, 0, bytes.length, source, Shape.SCRIPT);
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
}
