package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Temperature;
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
 * A process that works in a signed folder which somebody attacks, until its standard input ends. It
 * stops at a wrong result; what goes wrong with the folder is the attacker's doing.
 */
public final class HostileVictim {
  private static final int SOURCES = 12;
  private static final int LOADS_PER_ISOLATE = 12;

  private final Path folder;
  private final Random random;
  private final TextEngine engine = new TextEngine();
  private final RecordingListener seen = new RecordingListener();
  private long loads;
  private long hot;
  private long worst;

  private HostileVictim(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  /** The key under which a source is stored. */
  public static String key(int number) {
    return "url \nhttps://example.org/" + number;
  }

  /** The source. */
  public static Source source(int number) {
    return Source.of(number + ".txt", ("source " + number + '\n').repeat(200 * (number + 1)));
  }

  /** How many sources there are. */
  public static int sources() {
    return SOURCES;
  }

  /** Arguments: folder, seed. */
  public static void main(String[] arguments) throws Exception {
    HostileVictim victim = new HostileVictim(Path.of(arguments[0]), Long.parseLong(arguments[1]));
    victim.work();
    ChildJvm.say("ready");
    AtomicBoolean told = new AtomicBoolean();
    Thread watcher = new Thread(() -> awaitEnd(told));
    watcher.setDaemon(true);
    watcher.start();
    while (!told.get()) {
      victim.work();
      victim.seen.clear();
    }
    ChildJvm.say(
        "loads "
            + victim.loads
            + " hot "
            + victim.hot
            + " worst "
            + victim.worst / 1_000_000
            + " foreign "
            + victim.engine.foreign().size());
  }

  private static void awaitEnd(AtomicBoolean told) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      ChildJvm.say("broken input " + e);
    }
    told.set(true);
  }

  private void work() {
    long opening = System.nanoTime();
    try (CodeCache cache =
        CodeCache.builder()
            .directory(folder)
            .signed(SharedFolderProgram.keys())
            .policy(CachePolicy.eager())
            .listener(seen)
            .build()) {
      worst = Math.max(worst, System.nanoTime() - opening);
      for (int i = 0; i < LOADS_PER_ISOLATE; i++) {
        int number = random.nextInt(SOURCES);
        long start = System.nanoTime();
        load(cache, number, random.nextInt(10));
        worst = Math.max(worst, System.nanoTime() - start);
      }
    }
  }

  private void load(CodeCache cache, int number, int action) {
    Source source = source(number);
    StoredEntry entry = null;
    if (action > 1) {
      entry = cache.store().find(key(number), null);
      if (entry != null && !entry.holds(source.bytes())) {
        entry = null;
      }
    }
    try {
      if (action == 0) {
        cache.store().invalidate(key(number), cache.time().millis());
      } else if (entry == null) {
        entry = put(cache, number);
      } else if (action == 2) {
        entry.mark("a slot", random.nextBoolean());
      } else if (action == 3) {
        long now = cache.time().millis();
        cache.store().withHead(entry, TestHeads.validated(entry.head(), now));
      }
    } catch (IOException e) {
      seen.onFault("attacked", e);
    }
    var unit = cache.compile(engine, source, Shape.SCRIPT, entry);
    if (!unit.code().run().equals(TextUnit.run(source.text()))) {
      throw new AssertionError("a wrong result for " + source);
    }
    loads++;
    hot += unit.temperature() == Temperature.HOT ? 1 : 0;
  }

  private static StoredEntry put(CodeCache cache, int number) throws IOException {
    byte[] bytes = source(number).text().getBytes(StandardCharsets.UTF_8);
    try (NewBody body = cache.store().newBody(key(number))) {
      body.write(bytes);
      long now = cache.time().millis();
      return cache
          .store()
          .put(TestHeads.source(key(number), now, bytes.length, source(number).hash()), body);
    }
  }
}
