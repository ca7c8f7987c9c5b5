package dev.thermae.disk;

import java.io.IOException;

/** An entry of a base: it is copied into the folder above before it is changed. Immutable. */
final class BaseEntry extends DiskEntry {
  private final LayeredStore above;

  BaseEntry(LayeredStore above, DiskEntry found) {
    super(found);
    this.above = above;
  }

  @Override
  public void mark(String slot, boolean anew, long compileNanos) throws IOException {
    DiskEntry adopted = above.adopt(this);
    if (adopted != null) {
      adopted.mark(slot, anew, compileNanos);
    }
  }

  @Override
  public void attach(String slot, byte[] envelope) throws IOException {
    DiskEntry adopted = above.adopt(this);
    if (adopted != null) {
      adopted.attach(slot, envelope);
    }
  }
}
