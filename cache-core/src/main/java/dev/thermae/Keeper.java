package dev.thermae;

import dev.thermae.code.CodeKey;
import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Lead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps code in the background, and sources that came from no URL. Thread-safe.
 *
 * <p>Such a source is stored under namespace, charset, length and two checksums; they only name it:
 * of at most four candidates the one whose stored bytes are equal is taken.
 */
final class Keeper {
  private static final int CANDIDATES = 4;

  private final CodeCache cache;

  Keeper(CodeCache cache) {
    this.cache = cache;
  }

  /** The entry that holds the very bytes of {@code source}. */
  @Nullable StoredEntry find(Source source) {
    String prefix = prefix(source);
    for (int i = 0; i < CANDIDATES; i++) {
      StoredEntry entry = cache.store().find(prefix + i, null);
      if (entry == null) {
        return null;
      }
      if (entry.holds(source.bytes())) {
        source.verified(entry.head().sourceHash());
        return entry;
      }
    }
    return null;
  }

  private static boolean holds(StoredEntry entry, byte @Nullable [] body, Source source) {
    if (body == null || !Arrays.equals(body, source.bytes())) {
      return false;
    }
    source.verified(entry.head().sourceHash());
    return true;
  }

  private String prefix(Source source) {
    CRC32C crcc = new CRC32C();
    crcc.update(source.bytes(), 0, source.bytes().length);
    return "source "
        + cache.namespace()
        + '\n'
        + source.charset().name()
        + ' '
        + source.bytes().length
        + ' '
        + source.checksum()
        + ' '
        + crcc.getValue()
        + ' ';
  }

  /**
   * Names what is compiled, the same in all processes. A source that came from no URL may be stored
   * by one of them while others look, so its generation is no part of it.
   */
  String what(CodeKey key, @Nullable StoredEntry entry) {
    String prefix = prefix(key.source());
    if (entry == null || entry.head().key().startsWith(prefix)) {
      return prefix + '\n' + StoredEntry.slot(key);
    }
    return entry.head().key() + '\n' + entry.head().generation() + '\n' + StoredEntry.slot(key);
  }

  /**
   * Seals {@code payload} and attaches it, off the caller's thread; gives {@code lead} back when
   * that is done, or dropped.
   */
  void attach(CodeKey key, @Nullable StoredEntry entry, byte[] payload, Lead lead) {
    Source source = key.source();
    Background.Task task =
        new Background.Task() {
          @Override
          public String name() {
            return "code of " + source.name();
          }

          @Override
          public long bytes() {
            return payload.length;
          }

          @Override
          public void run() throws IOException {
            try (lead) {
              StoredEntry of = entry != null ? entry : store(source);
              if (of != null) {
                attachNow(key, of, payload);
              }
            }
          }
        };
    boolean queued = false;
    try {
      queued = cache.background(task);
    } finally {
      if (!queued) {
        lead.close();
      }
    }
  }

  private void attachNow(CodeKey key, StoredEntry of, byte[] payload) throws IOException {
    EntryHead head = of.head();
    byte[] sealed = key.seal(cache.store().seal(), head.keyHash(), head.generation(), payload);
    of.attach(StoredEntry.slot(key), sealed);
    cache.counters().onAttached(head.key(), sealed.length);
  }

  /** Marks the slot as seen, or seen for the first time anew, off the caller's thread. */
  void mark(CodeKey key, @Nullable StoredEntry entry, boolean anew, long compileNanos) {
    Source source = key.source();
    cache.background(
        new Background.Task() {
          @Override
          public String name() {
            return "mark of " + source.name();
          }

          @Override
          public void run() throws IOException {
            StoredEntry of = entry != null ? entry : store(source);
            if (of != null) {
              of.mark(StoredEntry.slot(key), anew, compileNanos);
            }
          }
        });
  }

  /**
   * Stores a source that came from no URL, unless it is there already, in the first place that is
   * free or damaged, else in the last one.
   */
  private @Nullable StoredEntry store(Source source) throws IOException {
    Store store = cache.store();
    String prefix = prefix(source);
    String key = prefix + (CANDIDATES - 1);
    for (int i = 0; i < CANDIDATES; i++) {
      StoredEntry entry = store.find(prefix + i, null);
      byte[] body = entry == null ? null : entry.body();
      if (entry == null || body == null) {
        key = prefix + i;
        break;
      }
      if (holds(entry, body, source)) {
        return entry;
      }
    }
    try (NewBody body = store.newBody(key)) {
      body.write(source.bytes());
      EntryHead head = EntryHead.ofSource(key, source, cache.time().millis());
      return store.put(head, body);
    }
  }
}
