package dev.thermae.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.CodeCache;
import dev.thermae.CodeCacheBuilder;
import dev.thermae.code.SigningKeys;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import dev.thermae.testing.RecordingListener;
import dev.thermae.testing.TextEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users with keys and users without, over one folder: told once, and right all the same. */
class MixedUseTest {
  @TempDir Path folder;
  private final RecordingListener seen = new RecordingListener();
  private final TextEngine engine = new TextEngine();

  @BeforeEach
  @AfterEach
  void asInANewProcess() {
    MixedUse.forget();
  }

  private void load(boolean signed) {
    CodeCacheBuilder builder =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).listener(seen);
    if (signed) {
      builder.signed(SigningKeys.of(1, new byte[32]));
    }
    try (CodeCache cache = builder.build()) {
      for (String name : new String[] {"a", "b"}) {
        Source source = Source.of(name, "text of " + name);
        assertThat(cache.compile(engine, source).code().run()).isNotEmpty();
      }
      cache.flush();
    }
  }

  @Test
  void whoHasNoKeysIsToldOnce() {
    load(true);
    assertThat(seen.warnings()).isEmpty();
    load(false);
    load(true);
    load(false);
    assertThat(seen.warnings()).hasSize(1);
    assertThat(seen.warnings().get(0))
        .startsWith(folder + " holds signed entries, and no keys were given");
  }

  @Test
  void whoHasKeysIsToldOnce() {
    load(false);
    load(true);
    load(true);
    assertThat(seen.warnings()).hasSize(1);
    assertThat(seen.warnings().get(0))
        .startsWith(folder + " holds entries that are not signed, and keys were given");
  }
}
