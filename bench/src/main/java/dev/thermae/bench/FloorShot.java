package dev.thermae.bench;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import java.io.File;
import java.nio.charset.StandardCharsets;
import org.mozilla.javascript.Script;

/**
 * Side B, once in a new JVM: what no cache can do without. Reads the same files, checks them with
 * CRC-32 and CRC-32C, and restores.
 */
final class FloorShot {
  private FloorShot() {}

  /**
   * Arguments: whether Rhino comes first, head, body, code, where the payload lies, its length,
   * length of the history.
   */
  public static void main(String[] args) throws Exception {
    int offset = Integer.parseInt(args[4]);
    int length = Integer.parseInt(args[5]);
    if (args[0].equals("true")) {
      new Stage();
    }
    History.pass(Integer.parseInt(args[6]));
    Gate gate = new Gate();
    gate.open();
    long start = System.nanoTime();
    byte[] head = FileFloor.read(new File(args[1]));
    byte[] body = FileFloor.read(new File(args[2]));
    byte[] code = FileFloor.read(new File(args[3]));
    long checksums = FileFloor.check(head) ^ FileFloor.check(body) ^ FileFloor.check(code);
    Source source = Source.of(args[2], body, StandardCharsets.UTF_8);
    Script script = RhinoEngine.create().restore(code, offset, length, source, Shape.SCRIPT);
    long nanos = System.nanoTime() - start;
    gate.close(script != null && checksums != 0 ? nanos : -1);
  }
}
