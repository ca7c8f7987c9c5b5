package dev.thermae.bench;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.rhino.RhinoEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A script that is stored hot and fresh, and the files of its entry.
 *
 * @param payload where the engine's bytes begin in the code file
 * @param payloadLength how many they are
 */
record HotEntry(
    Path cache, String url, Path head, Path body, Path code, int payload, int payloadLength) {

  static HotEntry prepare(String classPath, Path folder, String script) throws Exception {
    String url = Prepare.elsewhere(classPath, folder, script, Prepare.State.HOT);
    Path cache = Prepare.cache(folder);
    Path code = file(cache, ".c");
    byte[] payload = DeepStack.call(() -> payload(script));
    int at = find(payload, Files.readAllBytes(code));
    return new HotEntry(cache, url, file(cache, ".h"), file(cache, ".b"), code, at, payload.length);
  }

  private static byte[] payload(String script) throws Exception {
    RhinoEngine engine = RhinoEngine.create();
    Source source = Source.of(script, Scripts.read(script), StandardCharsets.UTF_8);
    return engine.serialize(engine.compile(source, Shape.SCRIPT));
  }

  private static Path file(Path cache, String extension) throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(extension)).toList();
      if (found.size() != 1) {
        throw new IOException("not one file " + extension + " but " + found);
      }
      return found.get(0);
    }
  }

  /** Equal sources give equal bytes, so they are there. */
  private static int find(byte[] wanted, byte[] in) throws IOException {
    for (int at = 0; at + wanted.length <= in.length; at++) {
      if (java.util.Arrays.equals(wanted, 0, wanted.length, in, at, at + wanted.length)) {
        return at;
      }
    }
    throw new IOException("the code file does not hold the engine's bytes");
  }

  /** Bytes of the three files. */
  long size() throws IOException {
    return Files.size(head) + Files.size(body) + Files.size(code);
  }
}
