package dev.thermae;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.event.Origin;
import dev.thermae.policy.CachePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two engines that tell of the same surroundings are still two. */
class EngineIdentityTest {
  private static final Source SOURCE = Source.of("a", "text");

  @TempDir Path folder;

  /** Makes units of its id and the text. */
  private record Named(String id) implements Engine<String> {
    @Override
    public String surroundings() {
      return "build 1";
    }

    @Override
    public Map<String, String> fingerprintParts() {
      return Map.of("build", "1");
    }

    @Override
    public boolean bakesName() {
      return false;
    }

    @Override
    public Harvest harvest() {
      return Harvest.ANY_TIME;
    }

    @Override
    public String compile(Source source, Shape shape) {
      return id + ' ' + source.text();
    }

    @Override
    public byte[] serialize(String unit) {
      return unit.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String restore(byte[] bytes, int offset, int length, Source source, Shape shape) {
      return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
  }

  private CodeCache cache() {
    return CodeCache.builder().directory(folder).policy(CachePolicy.eager()).build();
  }

  @Test
  void shareNeitherUnitsNorCode() {
    try (CodeCache cache = cache()) {
      assertThat(cache.compile(new Named("one"), SOURCE).code()).isEqualTo("one text");
      assertThat(cache.compile(new Named("two"), SOURCE).code()).isEqualTo("two text");
    }
    try (CodeCache cache = cache()) {
      Compiled<String> two = cache.compile(new Named("two"), SOURCE);
      assertThat(two.code()).isEqualTo("two text");
      assertThat(two.origin()).isEqualTo(Origin.RESTORED);
      assertThat(cache.compile(new Named("one"), SOURCE).code()).isEqualTo("one text");
    }
  }
}
