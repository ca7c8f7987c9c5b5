package dev.thermae.bench;

import dev.thermae.Compiled;
import dev.thermae.engine.rhino.RhinoEngine;
import dev.thermae.event.Origin;
import dev.thermae.http.CodeLoader;
import java.io.File;
import java.nio.file.Path;
import org.mozilla.javascript.Script;

/** Side A, once in a new JVM: builder and hot load of a fresh entry, with the shipped defaults. */
final class HotShot {
  private HotShot() {}

  /** Arguments: whether Rhino comes first, cache folder, URL, length of the history. */
  @SuppressWarnings("try") // ends with the process
  public static void main(String[] args) throws Exception {
    Path folder = new File(args[1]).toPath();
    if (args[0].equals("true")) {
      new Stage();
    }
    History.pass(Integer.parseInt(args[3]));
    Gate gate = new Gate();
    gate.open();
    long start = System.nanoTime();
    CodeLoader<Script> loader = CodeLoader.builder(RhinoEngine.create()).directory(folder).build();
    Compiled<Script> unit = loader.load(args[2]);
    long nanos = System.nanoTime() - start;
    gate.close(nanos);
    if (unit.origin() != Origin.RESTORED) {
      throw new IllegalStateException("not hot: " + unit);
    }
  }
}
