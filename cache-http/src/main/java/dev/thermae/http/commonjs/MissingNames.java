package dev.thermae.http.commonjs;

import dev.thermae.CodeCache;
import dev.thermae.code.Source;
import dev.thermae.store.EntryHead;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * URLs that were missing when the modules below a root were looked for, kept in the cache's store
 * as one text, a line each. A hint: without it they are asked for again. Not thread-safe.
 */
final class MissingNames {
  private static final int MOST = 10_000;

  private final CodeCache cache;
  private final String key;

  MissingNames(CodeCache cache, String root) {
    this.cache = cache;
    this.key = "missing " + cache.namespace() + '\n' + root;
  }

  Set<String> read() {
    Set<String> names = new LinkedHashSet<>();
    try {
      StoredEntry entry = cache.store().find(key, null);
      byte[] body = entry == null ? null : entry.body();
      if (body != null && body.length > 0) {
        names.addAll(new String(body, StandardCharsets.UTF_8).lines().toList());
      }
    } catch (RuntimeException e) {
      cache.counters().onFault(key, e);
    }
    return names;
  }

  void write(Set<String> names) {
    StringBuilder text = new StringBuilder();
    names.stream().limit(MOST).forEach(name -> text.append(name).append('\n'));
    Source source = Source.of(key, text.toString());
    long now = cache.time().millis();
    try (NewBody body = cache.store().newBody(key)) {
      body.write(source.bytes());
      cache.store().put(EntryHead.ofSource(key, source, now), body);
    } catch (IOException | RuntimeException e) {
      cache.counters().onFault(key, e);
    }
  }
}
