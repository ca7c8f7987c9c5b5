package dev.thermae.http;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Generation;
import dev.thermae.code.Shape;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Slot;
import dev.thermae.store.SlotContent;
import dev.thermae.store.StoredEntry;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Stands for a response that must not be stored: what is attached to it is forgotten. */
final class Unstored implements StoredEntry, Slot {
  private static final SlotContent EMPTY = new SlotContent(null, 0, 0);
  private static final EntryHead HEAD =
      new EntryHead(
          "",
          "",
          Generation.NONE,
          0,
          0,
          0,
          0,
          0,
          0,
          "",
          "",
          new byte[32],
          new byte[32],
          0,
          new byte[0]);

  private Unstored() {}

  static StoredEntry entry() {
    return new Unstored();
  }

  @Override
  public EntryHead head() {
    return HEAD;
  }

  @Override
  public byte @Nullable [] body() {
    return null;
  }

  @Override
  public Slot slot(Fingerprint fingerprint, Shape shape, Charset charset) {
    return this;
  }

  @Override
  public SlotContent read() {
    return EMPTY;
  }

  @Override
  public void mark() {}

  @Override
  public void attach(byte[] envelope) {}
}
