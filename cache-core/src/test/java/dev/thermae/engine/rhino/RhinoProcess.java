package dev.thermae.engine.rhino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.RestoreException;
import java.util.Arrays;
import org.mozilla.javascript.Script;

/** What a JVM of its own says about an engine. */
final class RhinoProcess {
  private RhinoProcess() {}

  public static void main(String[] arguments) {
    System.out.print(describe());
  }

  static String describe() {
    return describe(RhinoEngine.create()) + describe(RhinoEngine.create().withClassFiles());
  }

  private static String describe(RhinoEngine engine) {
    StringBuilder text = new StringBuilder();
    text.append(engine.harvest()).append('\n').append(engine.surroundings()).append('\n');
    for (Source source : RhinoFeatures.all()) {
      Script unit = engine.compile(source, Shape.SCRIPT.named(source.name()));
      text.append(source.name()).append(' ');
      try {
        byte[] bytes = engine.serialize(unit);
        text.append(bytes.length).append(' ').append(Arrays.hashCode(bytes)).append('\n');
      } catch (RestoreException e) {
        text.append(e.getMessage()).append('\n');
      }
    }
    return text.toString();
  }
}
