package dev.thermae.engine.digest;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Fingerprint;
import dev.thermae.code.SealedFile;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.engine.EngineFingerprint;
import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Code by the digest of what it was compiled from, sealed, in a store: for the caches that
 * libraries of engines ask for, who know a digest and no source. The engine's fingerprint and the
 * namespace belong to the key. Whatever is damaged, or of another build or other options, is not
 * there; faults are counted and never thrown. Thread-safe.
 */
public final class DigestedCode {
  private final String kind;
  private final Store store;
  private final Counters counters;
  private final Engine<?> engine;
  private final String namespace;
  private volatile @Nullable Fingerprint fingerprint;

  private DigestedCode(
      String kind, Store store, Counters counters, Engine<?> engine, String namespace) {
    this.kind = kind;
    this.store = store;
    this.counters = counters;
    this.engine = engine;
    this.namespace = namespace;
  }

  /**
   * Code in {@code store}, which stays the caller's to close.
   *
   * @param kind whose digests they are, a short stable word
   * @param counters where hits are not counted, but what is stored, refused or fails is
   * @param engine what the code depends on besides
   * @param namespace a tenant or trust domain, with which no other one shares anything
   */
  public static DigestedCode of(
      String kind, Store store, Counters counters, Engine<?> engine, String namespace) {
    return new DigestedCode(kind, store, counters, engine, namespace);
  }

  /** The code for a digest; null for none, whatever the reason. */
  public byte @Nullable [] find(String digest) {
    try {
      CodeKey key = key(digest);
      StoredEntry entry = key == null ? null : entry(key);
      return entry == null || key == null ? null : open(key, entry);
    } catch (IOException | RuntimeException e) {
      counters.onFault(kind + ' ' + digest, e);
      return null;
    }
  }

  /** Keeps the code for a digest, unless there is a good one, or it cannot be kept. */
  public void keep(String digest, byte[] code) {
    try {
      CodeKey key = key(digest);
      if (key == null || find(digest) != null) {
        return;
      }
      StoredEntry found = entry(key);
      StoredEntry entry = found == null ? store(key.source()) : found;
      if (entry != null) {
        EntryHead head = entry.head();
        byte[] sealed = key.seal(store.seal(), head.keyHash(), head.generation(), code);
        entry.attach(StoredEntry.slot(key), sealed);
        counters.onAttached(head.key(), sealed.length);
      }
    } catch (IOException | RuntimeException e) {
      counters.onFault(kind + ' ' + digest, e);
    }
  }

  /** The digest stands for the source; null where the builds cannot be told. */
  private @Nullable CodeKey key(String digest) throws IOException {
    Fingerprint known = fingerprint;
    if (known == null) {
      String told = EngineFingerprint.recordedUnder(engine);
      if (told == null) {
        return null;
      }
      known = store.fingerprint(told);
      if (known == null) {
        known = EngineFingerprint.compute(engine);
        store.record(told, engine.id(), known);
      }
      fingerprint = known;
    }
    return new CodeKey(namespace, Source.of(digest, digest), Shape.SCRIPT, known);
  }

  private String name(Source digest) {
    return kind + ' ' + namespace + '\n' + digest.name();
  }

  private @Nullable StoredEntry entry(CodeKey key) {
    StoredEntry entry = store.find(name(key.source()), null);
    return entry != null && entry.holds(key.source().bytes()) ? entry : null;
  }

  private byte @Nullable [] open(CodeKey key, StoredEntry entry) throws IOException {
    byte[] sealed = entry.code(StoredEntry.slot(key));
    if (sealed == null) {
      return null;
    }
    EntryHead head = entry.head();
    SealedFile file = key.open(sealed, store.seal(), head.keyHash(), head.generation());
    if (file.rejection() != null) {
      counters.onRejected(kind + ' ' + key.source().name(), file.rejection(), file.detail());
      return null;
    }
    int start = file.start(CodeKey.PAYLOAD);
    return Arrays.copyOfRange(file.bytes(), start, start + file.length(CodeKey.PAYLOAD));
  }

  private @Nullable StoredEntry store(Source digest) throws IOException {
    String name = name(digest);
    try (NewBody body = store.newBody(name)) {
      body.write(digest.bytes());
      return store.put(EntryHead.ofSource(name, digest, TimeSource.SYSTEM.millis()), body);
    }
  }
}
