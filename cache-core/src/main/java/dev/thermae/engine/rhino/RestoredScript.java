package dev.thermae.engine.rhino;

import org.mozilla.javascript.JSDescriptor;
import org.mozilla.javascript.JSScript;

/** A script from stored code, which knows whether scopes may share it. */
final class RestoredScript extends JSScript {
  private final boolean scoped;

  RestoredScript(JSDescriptor<JSScript> descriptor, boolean scoped) {
    super(descriptor, null);
    this.scoped = scoped;
  }

  boolean isScoped() {
    return scoped;
  }
}
