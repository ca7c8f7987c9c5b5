package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.disk.DiskStore;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Loads a few stored resources, checks what they give, and tells how hot they were. */
public final class VersionProgram {
  /** Resources that it loads. */
  public static final int SOURCES = 12;

  private VersionProgram() {}

  /** Arguments: folder, and whether to compete for the index as a server does. */
  public static void main(String[] arguments) throws IOException {
    RecordingListener seen = new RecordingListener();
    TextEngine engine = new TextEngine();
    try (CodeCache cache =
        CodeCache.builder()
            .directory(Path.of(arguments[0]))
            .policy(CachePolicy.eager())
            .listener(seen)
            .build()) {
      if (Boolean.parseBoolean(arguments[1])) {
        DiskStore store = (DiskStore) cache.store();
        store.claimIndex();
        while (store.usage() == null && seen.faults().isEmpty()) {
          Thread.onSpinWait();
        }
      }
      for (int i = 0; i < SOURCES; i++) {
        load(cache, engine, i);
      }
      cache.flush();
      ChildJvm.say("hot " + cache.stats().hot() + " of " + SOURCES);
    }
    ChildJvm.say("foreign " + engine.foreign().size());
    ChildJvm.say("rejections " + seen.rejections());
    ChildJvm.say("faults " + seen.faults());
  }

  private static void load(CodeCache cache, TextEngine engine, int number) throws IOException {
    String key = "url \nhttps://example.org/version/" + number;
    byte[] text = ("resource " + number + '\n').repeat(500).getBytes(StandardCharsets.UTF_8);
    StoredEntry entry = cache.store().find(key, null);
    byte[] found = entry == null ? null : entry.body();
    if (found == null) {
      try (NewBody body = cache.store().newBody(key)) {
        body.write(text);
        entry = cache.store().put(TestHeads.of(key, cache.time().millis(), text.length), body);
      }
    }
    Source source = Source.of(number + ".txt", text, StandardCharsets.UTF_8);
    TextUnit unit = cache.compile(engine, source, Shape.SCRIPT, entry).code();
    if (!unit.run().equals(TextUnit.run(source.text()))) {
      throw new AssertionError("a wrong result for " + source);
    }
  }
}
