package dev.thermae.http.resource;

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

/** A store that loses bodies, refuses writes and is overtaken when it is told to. */
final class FaultyStore implements Store {
  private final Store store;
  volatile boolean bodiesAreLost;
  volatile boolean writesFail;

  /** What others do between the next look-up and what is made of it. */
  volatile @Nullable Runnable overtakes;

  FaultyStore(Store store) {
    this.store = store;
  }

  private final class Entry implements StoredEntry {
    private final StoredEntry entry;

    Entry(StoredEntry entry) {
      this.entry = entry;
    }

    @Override
    public EntryHead head() {
      return entry.head();
    }

    @Override
    public byte @Nullable [] body() {
      return bodiesAreLost ? null : entry.body();
    }

    @Override
    public boolean holds(byte[] expected) {
      return entry.holds(expected);
    }

    @Override
    public byte @Nullable [] code(String slot) throws IOException {
      return entry.code(slot);
    }

    @Override
    public Seen seen(String slot) throws IOException {
      return entry.seen(slot);
    }

    @Override
    public void mark(String slot, boolean anew) throws IOException {
      entry.mark(slot, anew);
    }

    @Override
    public void attach(String slot, byte[] envelope) throws IOException {
      entry.attach(slot, envelope);
    }
  }

  private @Nullable StoredEntry wrap(@Nullable StoredEntry entry) {
    return entry == null ? null : new Entry(entry);
  }

  private void write() throws IOException {
    if (writesFail) {
      throw new IOException("disk full");
    }
  }

  @Override
  public @Nullable StoredEntry find(String key, Selector selector) {
    StoredEntry found = store.find(key, selector);
    Runnable others = overtakes;
    if (others != null) {
      overtakes = null;
      others.run();
    }
    return wrap(found);
  }

  @Override
  public NewBody newBody(String key) throws IOException {
    write();
    return store.newBody(key);
  }

  @Override
  public @Nullable StoredEntry put(EntryHead head, NewBody body) throws IOException {
    write();
    return wrap(store.put(head, body));
  }

  @Override
  public @Nullable StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    write();
    return wrap(store.withHead(((Entry) entry).entry, head));
  }

  @Override
  public void invalidate(String key, long time) throws IOException {
    write();
    store.invalidate(key, time);
  }

  @Override
  public @Nullable Fingerprint fingerprint(String surroundings) {
    return store.fingerprint(surroundings);
  }

  @Override
  public void record(String surroundings, String engine, Fingerprint fingerprint)
      throws IOException {
    store.record(surroundings, engine, fingerprint);
  }

  @Override
  public Seal seal() {
    return store.seal();
  }

  @Override
  public void close() {
    store.close();
  }
}
