package dev.thermae.samples;

import dev.thermae.Compiled;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Temperature;
import dev.thermae.http.CodeLoader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mozilla.javascript.Script;

/**
 * One measurement in a JVM of its own: makes a script runnable and runs its top level, once. A
 * Context and a scope exist before the clock starts; everything else is on the clock, whichever way
 * is measured: reading the file and compiling it, or building a loader and loading.
 */
final class FreshJvm {
  private FreshJvm() {}

  /** How a script is made runnable. */
  enum Way {
    /** Rhino alone, as it is by default: class files, or its interpreter where those fail. */
    DEFAULT,
    /** Rhino alone, told to interpret. */
    INTERPRETED,
    /** Through a folder that holds a fresh response and its code. */
    HOT
  }

  /** Nanoseconds until the script could run, and of its first run. */
  record Times(long ready, long run) {
    static Times readFrom(DataInputStream in) throws IOException {
      return new Times(in.readLong(), in.readLong());
    }

    long total() {
      return ready + run;
    }
  }

  /** Arguments: way, file, folder, URL. */
  public static void main(String[] args) throws Exception {
    Times times = DeepStack.call(() -> measure(args));
    DataOutputStream out = new DataOutputStream(System.out);
    out.writeLong(times.ready());
    out.writeLong(times.run());
    out.flush();
  }

  private static Times measure(String[] args) throws IOException {
    Way way = Way.valueOf(args[0]);
    try (Stage stage = Stage.open()) {
      long start = System.nanoTime();
      Script script = way == Way.HOT ? load(args[2], args[3]) : compile(stage, way, args[1]);
      long ready = System.nanoTime() - start;
      return new Times(ready, stage.run(script));
    }
  }

  private static Script compile(Stage stage, Way way, String file) throws IOException {
    String text = Files.readString(Path.of(file), StandardCharsets.UTF_8);
    return stage.compile(text, file, way == Way.INTERPRETED);
  }

  @SuppressWarnings("try") // ends with the process
  private static Script load(String folder, String url) throws IOException {
    CodeLoader<Script> loader =
        CodeLoader.builder(RhinoEngine.create()).directory(Path.of(folder)).build();
    Compiled<Script> unit = loader.load(url);
    if (unit.temperature() != Temperature.HOT) {
      throw new IllegalStateException("not hot but " + unit);
    }
    return unit.code();
  }
}
