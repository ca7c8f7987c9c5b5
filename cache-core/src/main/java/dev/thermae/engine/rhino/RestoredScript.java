package dev.thermae.engine.rhino;

import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;

/** A script from stored interpreter code, which knows whether scopes may share it. */
final class RestoredScript extends JSScript {
  private final RhinoCodeReader reader;

  RestoredScript(JSDescriptor<JSScript> descriptor, RhinoCodeReader reader) {
    super(descriptor, null);
    this.reader = reader;
  }

  boolean isScoped() {
    return reader.scoped;
  }

  /** What decodes its functions. */
  RhinoCodeReader reader() {
    return reader;
  }
}
