package dev.thermae.http;

import dev.thermae.code.Fingerprint;
import dev.thermae.code.Seal;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Selector;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;

/** A store that its caches cannot close. */
record KeptStore(Store store) implements Store {
  @Override
  public StoredEntry find(String key, Selector selector) {
    return store.find(key, selector);
  }

  @Override
  public NewBody newBody(String key) throws IOException {
    return store.newBody(key);
  }

  @Override
  public StoredEntry put(EntryHead head, NewBody body) throws IOException {
    return store.put(head, body);
  }

  @Override
  public StoredEntry withHead(StoredEntry entry, EntryHead head) throws IOException {
    return store.withHead(entry, head);
  }

  @Override
  public void invalidate(String key, long time) throws IOException {
    store.invalidate(key, time);
  }

  @Override
  public Fingerprint fingerprint(String surroundings) {
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
  public void close() {}
}
