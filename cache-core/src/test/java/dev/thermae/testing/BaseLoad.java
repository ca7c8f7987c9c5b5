package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.disk.DiskOptions;
import dev.thermae.policy.CachePolicy;
import java.nio.file.Path;
import java.util.List;

/** A process whose cache folder lies above a base: tells where its first unit came from. */
public final class BaseLoad {
  private BaseLoad() {}

  /** Arguments: the folder, and its base. */
  public static void main(String[] arguments) {
    RecordingListener seen = new RecordingListener();
    TextEngine engine = new TextEngine();
    try (CodeCache cache =
        CodeCache.builder()
            .directory(Path.of(arguments[0]))
            .disk(DiskOptions.DEFAULTS.bases(List.of(Path.of(arguments[1]))))
            .policy(CachePolicy.eager())
            .listener(seen)
            .build()) {
      Compiled<TextUnit> unit = cache.compile(engine, ShortProgram.source());
      cache.flush();
      boolean right = unit.code().run().equals(TextUnit.run(ShortProgram.source().text()));
      ChildJvm.say(unit.temperature() + " " + unit.origin() + " right " + right);
      ChildJvm.say("compiles " + engine.compiles() + " " + seen.faults() + seen.warnings());
    }
  }
}
