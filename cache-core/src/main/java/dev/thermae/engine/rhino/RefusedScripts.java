package dev.thermae.engine.rhino;

import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The scripts that this process could not compile to class files, so that it is not tried again: a
 * source, a shape and options, at most {@value #MOST} of them, the latest. Thread-safe.
 */
final class RefusedScripts {
  private static final int MOST = 4096;

  private final Map<Refused, Boolean> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Refused, Boolean> eldest) {
          return size() > MOST;
        }
      };

  private record Refused(ByteBuffer source, String shape, String options) {
    static Refused of(Source source, Shape shape, RhinoOptions options) {
      StringBuilder text = new StringBuilder();
      options.describe(text);
      return new Refused(ByteBuffer.wrap(source.hash()), shape.text(), text.toString());
    }
  }

  synchronized boolean contains(Source source, Shape shape, RhinoOptions options) {
    return !refused.isEmpty() && refused.containsKey(Refused.of(source, shape, options));
  }

  synchronized void add(Source source, Shape shape, RhinoOptions options) {
    refused.put(Refused.of(source, shape, options), true);
  }
}
