package dev.thermae.disk;

import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An entry of a base: it is copied into the folder above before it is changed. Immutable. */
final class BaseEntry extends DiskEntry {
  private final LayeredStore above;

  BaseEntry(LayeredStore above, DiskEntry found) {
    super(found);
    this.above = above;
  }

  /** Somebody may have copied the entry, and attached to it, since it was found here. */
  @Override
  public byte @Nullable [] code(String slot) throws IOException {
    File file = above.name(head().key()).slot(head().generation(), slot, ".c");
    byte[] attached = DiskStore.read(file, DiskStore.MAXIMUM_CODE);
    return attached == null ? super.code(slot) : attached;
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
