package dev.thermae.disk;

import dev.thermae.store.EntryHead;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An entry above bases: one copied from a base finds the code that lies there. Immutable. */
final class LayeredEntry extends DiskEntry {
  private final LayeredStore store;

  LayeredEntry(LayeredStore store, EntryName name, File file, EntryHead head, byte[] digests) {
    super(store, name, file, head, digests);
    this.store = store;
  }

  @Override
  public byte @Nullable [] code(String slot) throws IOException {
    byte[] own = super.code(slot);
    return own == null ? store.code(head(), slot) : own;
  }
}
