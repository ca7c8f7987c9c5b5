package dev.thermae.testing;

import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Shape;
import dev.thermae.code.Source;
import dev.thermae.event.Origin;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.NewBody;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process to be killed: loads without end, each in an isolate of its own, checks every result,
 * and tells every few milliseconds what it did. A writer also replaces, validates and invalidates:
 * some sources now and then, of which the share of hits is told, and some long ones all the time.
 */
public final class KillWorker {
  private static final int CALM = 50;
  private static final int RESTLESS = 8;
  private static final int ATTEMPTS = 3;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final long REPORT_NANOS = 20_000_000;
  private static final String END = "@";

  private final Path folder;
  private final boolean writes;
  private final Random random;
  private final TextEngine engine = new TextEngine();
  private final RecordingListener seen = new RecordingListener();
  private long loads;
  private long hits;
  private long worst;
  private long reported;

  private KillWorker(Path folder, boolean writes, long seed) {
    this.folder = folder;
    this.writes = writes;
    this.random = new Random(seed);
  }

  /** Arguments: folder, {@code writer} or {@code reader}, seed. */
  public static void main(String[] arguments) throws IOException {
    KillWorker worker =
        new KillWorker(
            Path.of(arguments[0]), arguments[1].equals("writer"), Long.parseLong(arguments[2]));
    ChildJvm.say("up");
    try {
      while (true) {
        worker.stepUnlessBusy();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (Throwable e) {
      ChildJvm.say("wrong " + e);
      e.printStackTrace();
      System.exit(3);
    }
  }

  private void stepUnlessBusy() throws IOException {
    try {
      step();
    } catch (IOException e) {
      if (!isBusy(e)) {
        throw e;
      }
    }
  }

  private void step() throws IOException {
    boolean calm = random.nextInt(10) > (writes ? 5 : 2);
    int number = calm ? random.nextInt(CALM) : CALM + random.nextInt(RESTLESS);
    int action = writes ? random.nextInt(calm ? 400 : 14) : 400;
    boolean bare = calm && action >= 6 && action < 14;
    CachePolicy policy = bare ? CachePolicy.chrome() : CachePolicy.eager();
    try (CodeCache cache =
        CodeCache.builder().directory(folder).policy(policy).listener(seen).build()) {
      if (action == 0) {
        cache.store().invalidate(key(number), cache.time().millis());
      } else if (action < 4) {
        put(cache, number);
      } else if (action < 6) {
        validate(cache, number);
      } else if (bare) {
        check(cache, Source.of("bare.txt", text(number, 0)), null);
      } else {
        load(cache, number);
      }
    }
    seen.faults().removeIf(KillWorker::isBusy);
    if (!seen.faults().isEmpty() || !seen.rejections().isEmpty()) {
      throw new AssertionError(seen.events().toString());
    }
    seen.clear();
    report();
  }

  /** A machine that is too busy to let the owner of an entry's lock end: nothing is stored then. */
  private static boolean isBusy(Throwable fault) {
    return String.valueOf(fault.getMessage()).contains("was not free for");
  }

  private void report() {
    long now = System.nanoTime();
    if (now - reported > REPORT_NANOS) {
      reported = now;
      ChildJvm.say("did " + loads + ' ' + hits + ' ' + worst / 1_000);
      loads = 0;
      hits = 0;
      worst = 0;
    }
  }

  private static String key(int number) {
    return "url \nhttps://example.org/" + number;
  }

  /** A text that says which it is, from 2 KB to 160 KB. */
  private static String text(int number, long version) {
    String line = "source " + number + " version " + version + '\n';
    return line.repeat(80 + number * number * 2) + END;
  }

  private void load(CodeCache cache, int number) throws IOException {
    long start = System.nanoTime();
    byte[] body = null;
    StoredEntry entry = null;
    for (int i = 0; i < ATTEMPTS && body == null; i++) {
      entry = cache.store().find(key(number), null);
      body = entry == null ? null : entry.body();
    }
    if (number < CALM) {
      loads++;
    }
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
    if (check(cache, source, entry) && number < CALM) {
      hits++;
    }
    worst = Math.max(worst, System.nanoTime() - start);
  }

  private boolean check(CodeCache cache, Source source, StoredEntry entry) {
    Compiled<TextUnit> unit = cache.compile(engine, source, Shape.SCRIPT, entry);
    if (!unit.code().run().equals(TextUnit.run(source.text())) || !engine.foreign().isEmpty()) {
      throw new AssertionError("a wrong result for " + source + engine.foreign());
    }
    return unit.origin() == Origin.RESTORED;
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

  private void validate(CodeCache cache, int number) throws IOException {
    StoredEntry entry = cache.store().find(key(number), null);
    if (entry != null) {
      cache.store().withHead(entry, TestHeads.validated(entry.head(), cache.time().millis()));
    }
  }
}
