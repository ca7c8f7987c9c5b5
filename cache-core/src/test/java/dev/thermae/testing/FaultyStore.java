package dev.thermae.testing;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Seen;
import dev.thermae.store.Selector;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A store that fails wherever it may, and where it is told to also where it may not. */
public final class FaultyStore implements Store {
  private final boolean unchecked;

  /** {@code unchecked}: throws also where only a bug would. */
  public FaultyStore(boolean unchecked) {
    this.unchecked = unchecked;
  }

  private void bug() {
    if (unchecked) {
      throw new IllegalStateException("planted");
    }
  }

  /** The entry of a store whose medium is gone. */
  public StoredEntry entry(EntryHead head) {
    return new StoredEntry() {
      @Override
      public EntryHead head() {
        return head;
      }

      @Override
      public byte[] body() {
        bug();
        return null;
      }

      @Override
      public boolean holds(byte[] expected) {
        bug();
        return false;
      }

      @Override
      public byte[] code(String slot) throws IOException {
        bug();
        throw new IOException("planted");
      }

      @Override
      public Seen seen(String slot) throws IOException {
        bug();
        throw new IOException("planted");
      }

      @Override
      public void mark(String slot, boolean anew) throws IOException {
        bug();
        throw new IOException("planted");
      }

      @Override
      public void attach(String slot, byte[] envelope) throws IOException {
        bug();
        throw new IOException("planted");
      }
    };
  }

  @Override
  public StoredEntry find(String key, @Nullable Selector selector) {
    bug();
    return null;
  }

  @Override
  public NewBody newBody(String key) throws IOException {
    bug();
    throw new IOException("planted");
  }

  @Override
  public StoredEntry put(EntryHead head, NewBody body) throws IOException {
    throw new IOException("planted");
  }

  @Override
  public StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    throw new IOException("planted");
  }

  @Override
  public void invalidate(String key, long time) throws IOException {
    throw new IOException("planted");
  }

  @Override
  public Fingerprint fingerprint(String surroundings) {
    bug();
    return null;
  }

  @Override
  public void record(String surroundings, String engine, Fingerprint fingerprint)
      throws IOException {
    throw new IOException("planted");
  }

  @Override
  public Seal seal() {
    return Seal.checksum();
  }

  @Override
  public void close() {
    bug();
  }
}
