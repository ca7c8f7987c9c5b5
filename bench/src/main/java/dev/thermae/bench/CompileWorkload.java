package dev.thermae.bench;

import dev.thermae.code.Shape;
import dev.thermae.engine.Engine;
import java.nio.file.Path;

/** What one engine compiles, with our cache or anew. */
abstract class CompileWorkload extends Workload {
  /** The engine, made anew for each load. */
  abstract Engine<?> engine();

  @Override
  Object load(String mode, Path folder) throws Exception {
    return mode.equals(HOT)
        ? hot(engine(), folder)
        : engine().compile(source(folder), Shape.SCRIPT.named(name()));
  }

  @Override
  void store(Path folder) throws Exception {
    fill(engine(), folder);
  }
}
