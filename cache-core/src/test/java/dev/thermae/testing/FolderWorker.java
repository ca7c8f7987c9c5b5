package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process that works on a folder which others work on too: loads, replaces, invalidates, and says
 * so, until its standard input ends. It checks every result, and tells its slowest load.
 */
public final class FolderWorker {
  private static final int SOURCES = 50;
  private static final int LOADS_PER_ISOLATE = 20;

  private final Path folder;
  private final Random random;
  private final TextEngine engine = new TextEngine();
  private final RecordingListener seen = new RecordingListener();
  private long loads;
  private long worst;

  private FolderWorker(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  /** Arguments: folder, seed. */
  public static void main(String[] arguments) throws IOException {
    FolderWorker worker = new FolderWorker(Path.of(arguments[0]), Long.parseLong(arguments[1]));
    AtomicBoolean told = new AtomicBoolean();
    Thread watcher = new Thread(() -> awaitEnd(told));
    watcher.setDaemon(true);
    watcher.start();
    while (!told.get()) {
      worker.workInOneIsolate();
    }
    ChildJvm.say("loads " + worker.loads);
    ChildJvm.say("worst " + worker.worst / 1_000_000);
    ChildJvm.say("foreign " + worker.engine.foreign().size());
    ChildJvm.say("faults " + worker.seen.faults());
    ChildJvm.say("rejections " + worker.seen.rejections());
  }

  private static void awaitEnd(AtomicBoolean told) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      ChildJvm.say("broken input " + e);
    }
    told.set(true);
  }

  private void workInOneIsolate() throws IOException {
    try (CodeCache cache =
        CodeCache.builder().directory(folder).policy(CachePolicy.eager()).listener(seen).build()) {
      for (int i = 0; i < LOADS_PER_ISOLATE; i++) {
        int number = random.nextInt(SOURCES);
        int action = random.nextInt(10);
        if (action == 0) {
          ChildJvm.say("invalidate");
          cache.store().invalidate(key(number), cache.time().millis());
        } else if (action < 3) {
          ChildJvm.say("put");
          put(cache, number);
        } else if (action == 3) {
          ChildJvm.say("bare");
          check(cache, Source.of("bare.txt", text(number, 0)), null);
        } else {
          ChildJvm.say("load");
          load(cache, number);
        }
      }
      ChildJvm.say("close");
    }
  }

  private static String key(int number) {
    return "url \nhttps://example.org/" + number;
  }

  /** A text that says which it is, from one byte over to 150 KB. */
  private static String text(int number, long version) {
    String line = "source " + number + " version " + version + '\n';
    return line.repeat(1 + number * number * 2);
  }

  private void load(CodeCache cache, int number) throws IOException {
    long start = System.nanoTime();
    StoredEntry entry = cache.store().find(key(number), null);
    byte[] body = entry == null ? null : entry.body();
    if (body == null) {
      put(cache, number);
      return;
    }
    Source source = Source.of(number + ".txt", body, StandardCharsets.UTF_8);
    String line = source.text().substring(0, source.text().indexOf('\n'));
    long version = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    if (!source.text().equals(text(number, version))) {
      throw new AssertionError("a body that nobody wrote: " + line);
    }
    check(cache, source, entry);
    worst = Math.max(worst, System.nanoTime() - start);
    loads++;
  }

  private void check(CodeCache cache, Source source, StoredEntry entry) {
    TextUnit unit = cache.compile(engine, source, Shape.SCRIPT, entry).code();
    if (!unit.run().equals(TextUnit.run(source.text()))) {
      throw new AssertionError("a wrong result for " + source);
    }
  }

  private void put(CodeCache cache, int number) throws IOException {
    byte[] bytes = text(number, random.nextInt(1_000_000)).getBytes(StandardCharsets.UTF_8);
    try (NewBody body = cache.store().newBody(key(number))) {
      for (int at = 0; at < bytes.length; at += 10_000) {
        body.write(bytes, at, Math.min(10_000, bytes.length - at));
      }
      cache.store().put(TestHeads.of(key(number), cache.time().millis(), bytes.length), body);
    }
  }
}
