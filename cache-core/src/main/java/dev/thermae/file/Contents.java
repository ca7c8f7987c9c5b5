package dev.thermae.file;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.engine.Engine;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Files and what the store has of them. The entry of a file holds its bytes, under the namespace
 * and the URI of its real path: equal bytes are its 304 and keep the generation, others its 200.
 * Thread-safe.
 */
final class Contents {
  private final CodeCache cache;
  private final Engine<?> engine;
  private final SourceFiles files;

  Contents(CodeCache cache, Engine<?> engine, SourceFiles files) {
    this.cache = cache;
    this.engine = engine;
    this.files = files;
  }

  Path real(Path file) throws IOException {
    return files.real(file);
  }

  /** What the file holds now; the very source of {@code last} where that has the same bytes. */
  Content read(Path real, @Nullable Content last) throws IOException {
    long began = cache.time().millis();
    Source read = files.read(real);
    Source known = last == null ? null : last.source();
    Source source = known != null && Arrays.equals(known.bytes(), read.bytes()) ? known : read;
    return new Content(source, entry(real, source, began));
  }

  private @Nullable StoredEntry entry(Path real, Source source, long began) {
    if (!cache.keeps(engine, source.bytes().length)) {
      return null;
    }
    String key = key(real);
    try {
      StoredEntry found = find(key, source);
      StoredEntry stored = found == null ? put(key, source, began) : found;
      return stored == null ? find(key, source) : stored;
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault("entry of ".concat(source.name()), e);
      return null;
    }
  }

  private @Nullable StoredEntry find(String key, Source source) {
    StoredEntry found = cache.store().find(key, null);
    if (found == null || !found.holds(source.bytes())) {
      return null;
    }
    if (found.head().charset().equals(source.charset().name())) {
      source.verified(found.head().sourceHash());
    }
    return found;
  }

  private @Nullable StoredEntry put(String key, Source source, long began) throws IOException {
    Store store = cache.store();
    try (NewBody body = store.newBody(key)) {
      body.write(source.bytes());
      return store.put(EntryHead.ofSource(key, source, began), body);
    }
  }

  /**
   * Clears what is stored of a file, unless that holds the bytes of {@code now}; null for a file
   * that is gone.
   */
  void clear(Path real, @Nullable Source now) {
    String key = key(real);
    try {
      StoredEntry found = cache.store().find(key, null);
      if (found != null && (now == null || !found.holds(now.bytes()))) {
        cache.store().invalidate(key, cache.time().millis());
      }
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault("entry of " + real, e);
    }
  }

  /** The same whatever stands there now: a folder's URI ends in a slash. */
  private String key(Path real) {
    String uri = real.toUri().toString();
    String plain = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return "file " + cache.namespace() + '\n' + plain;
  }
}
