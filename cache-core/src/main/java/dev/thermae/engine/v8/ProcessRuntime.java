package dev.thermae.engine.v8;

import com.caoccao.javet.enums.JSRuntimeType;
import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Host;
import com.caoccao.javet.interop.loader.JavetLibLoader;
import org.jspecify.annotations.Nullable;

/** The runtime of whoever has none, open until the process ends. Thread-safe. */
final class ProcessRuntime {
  private static @Nullable V8Engine engine;

  private ProcessRuntime() {}

  static synchronized V8Engine engine() {
    V8Engine known = engine;
    if (known == null) {
      try {
        new JavetLibLoader(JSRuntimeType.V8).getResourceFileName(); // else it fails with a log
        known = V8Engine.of(V8Host.getV8Instance().createV8Runtime());
      } catch (JavetException e) {
        throw new IllegalStateException(String.valueOf(e.getMessage()), e);
      }
      engine = known;
    }
    return known;
  }
}
