package dev.thermae.http;

import dev.thermae.CacheOver;
import dev.thermae.CodeCache;
import dev.thermae.Compiled;
import dev.thermae.code.Seal;
import dev.thermae.disk.DiskStore;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Counters;
import dev.thermae.http.ModelCache.Pending;
import dev.thermae.http.ModelCache.Result;
import dev.thermae.http.ModelOrigin.Mode;
import dev.thermae.http.ModelRules.Ask;
import dev.thermae.http.ModelScript.Step;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.OnReplace;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.policy.CachePolicy;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Tells a script to the real parts and to the model, and compares what each says of each step. */
final class ModelRun implements AutoCloseable {
  private static final long START = 1_700_000_000_000L;

  private final ModelScript script;
  private final Path folder;
  private final ModelTime time;
  private final ModelOrigin origin = new ModelOrigin();
  private final ModelCode code;
  private final ModelCache model;
  private final TextEngine engine = new TextEngine();
  private final Deque<Held> held = new ArrayDeque<>();
  private final List<ModelClient> clients = new ArrayList<>();
  private final Counters counters = new Counters(null);
  private Store store;
  private CodeCache cache;
  private ModelClient client;
  private CodeLoader<String> loader;

  /** A request whose answer waits, in both worlds; {@code expected} is a Pending or a Result. */
  private record Held(ModelClient client, Object expected) {}

  ModelRun(ModelScript script, Path folder) throws IOException {
    this.script = script;
    this.folder = folder;
    this.time = new ModelTime(START, !script.disk());
    this.code = new ModelCode(script.disk());
    this.model = new ModelCache(script.keepSameBytes(), code);
    this.store = open();
    start();
  }

  private Store open() throws IOException {
    return script.disk()
        ? DiskStore.open(folder, Seal.checksum(), counters, time)
        : new KeptStore(new MemoryStore(64 << 20, counters, time));
  }

  private void start() {
    CachePolicy policy = CachePolicy.chrome().withMinimumBytes(0);
    cache = CacheOver.store(store, counters, time, policy);
    client = newClient();
    loader = CodeLoader.builder(engine).cache(cache).build();
  }

  private ModelClient newClient() {
    ModelClient made = new ModelClient(origin, time);
    OnReplace rule = script.keepSameBytes() ? OnReplace.KEEP_IF_SAME_BYTES : OnReplace.CLEAR;
    made.use(
        ResourceLoader.builder(store)
            .time(time)
            .counters(counters)
            .onReplace(rule)
            .okHttpClient(made::client)
            .build());
    clients.add(made);
    return made;
  }

  /** The first step where they differ, in words; null when they never do. */
  static String difference(ModelScript script, Path folder) throws IOException {
    try (ModelRun run = new ModelRun(script, folder)) {
      for (int i = 0; i < script.steps().size(); i++) {
        String difference = run.step(script.steps().get(i));
        if (difference != null) {
          return "step " + i + ", " + script.steps().get(i) + "\n  " + difference;
        }
      }
      while (!run.held.isEmpty()) {
        String difference = run.release(run.held.removeFirst(), Mode.HONEST);
        if (difference != null) {
          return "the last release\n  " + difference;
        }
      }
      CacheStats stats = run.counters.snapshot();
      return stats.faults() + stats.rejected() == 0 ? null : "faults: " + stats;
    }
  }

  private String step(Step step) throws IOException {
    if (step instanceof ModelScript.Fetch) {
      return fetch((ModelScript.Fetch) step);
    } else if (step instanceof ModelScript.Hold) {
      return hold((ModelScript.Hold) step);
    } else if (step instanceof ModelScript.Release) {
      ModelScript.Release release = (ModelScript.Release) step;
      Held waiting = release.oldest() ? held.pollFirst() : held.pollLast();
      return waiting == null ? null : release(waiting, release.mode());
    } else if (step instanceof ModelScript.Change) {
      origin.change((ModelScript.Change) step);
    } else if (step instanceof ModelScript.Purge) {
      int url = ((ModelScript.Purge) step).url();
      client.loader().invalidate(ModelClient.url(url));
      model.invalidate(url, time.millis() + 1, time.millis());
    } else if (step instanceof ModelScript.Move) {
      time.move(((ModelScript.Move) step).seconds());
    } else if (step instanceof ModelScript.Clear) {
      cache.clearMemory();
      code.clearMemory();
    } else if (held.isEmpty()) {
      restart();
    }
    return null;
  }

  private void restart() throws IOException {
    cache.close();
    if (script.disk()) {
      store = open();
    }
    start();
    code.clearMemory();
  }

  private String fetch(ModelScript.Fetch fetch) throws IOException {
    Ask ask = new Ask(fetch.url(), fetch.kind(), fetch.control());
    Object expected = model.begin(ask, time.millis());
    List<String> asked = new ArrayList<>();
    long now = time.millis();
    while (expected instanceof Pending pending) {
      asked.add(asked(pending));
      now += fetch.delay() * 1000L;
      expected = model.finish(pending, answer(pending, fetch.mode(), now), now);
    }
    client.answer(fetch.mode(), fetch.delay());
    String real = client.fetch(ask, fetch.plain());
    return compare(client, real, (Result) expected, asked, now);
  }

  private ModelOrigin.Answer answer(Pending pending, Mode mode, long now) {
    Ask ask = pending.ask();
    return origin.answer(ask.url(), ask.kind(), pending.match(), pending.since(), mode, now);
  }

  static String asked(Pending pending) {
    return "asked " + pending.match() + " " + pending.since();
  }

  /** Begins; what need not be asked of the origin is answered at once. */
  private String hold(ModelScript.Hold hold) throws IOException {
    if (held.size() >= 2) {
      return null;
    }
    Ask ask = new Ask(hold.url(), hold.kind(), hold.control());
    Object expected = model.begin(ask, time.millis());
    ModelClient other = newClient();
    boolean waits = other.hold(ask);
    if (waits != expected instanceof Pending) {
      return "waits: " + waits + ", but should: " + !waits;
    }
    held.addLast(new Held(other, expected));
    return waits ? null : release(held.removeLast(), Mode.HONEST);
  }

  private String release(Held waiting, Mode mode) throws IOException {
    Object expected = waiting.expected();
    long now = time.millis();
    List<String> asked = new ArrayList<>();
    while (expected instanceof Pending pending) {
      asked.add(asked(pending));
      expected = model.finish(pending, answer(pending, mode, now), now);
    }
    String real = waiting.client().release(mode);
    return compare(waiting.client(), real, (Result) expected, asked, now);
  }

  /** Compares the response, then what its code does. */
  private String compare(
      ModelClient from, String real, Result expected, List<String> asked, long now)
      throws IOException {
    String should =
        expected.outcome()
            + " "
            + expected.status()
            + " '"
            + expected.body()
            + "' age "
            + expected.age()
            + " "
            + asked;
    Fetched fetched = from.last();
    if (expected.status() == 200 && should.equals(real) && fetched != null) {
      int before = engine.compiles.get();
      Compiled<String> unit = loader.compile(fetched);
      cache.flush();
      String body = new String(fetched.body(), StandardCharsets.UTF_8);
      int compiles = engine.compiles.get() - before;
      real = unit.temperature() + " " + unit.origin() + ", " + compiles + " compiles";
      real += " of " + unit.code();
      should = code.run(body, expected.slot(), now) + " of " + body;
    }
    return should.equals(real)
        ? null
        : real + (fetched == null ? "" : " (" + fetched.why() + ")") + "\n  but should: " + should;
  }

  @Override
  public void close() {
    for (Held each : held) {
      each.client().release(Mode.FAILED);
    }
    for (ModelClient each : clients) {
      each.loader().close();
    }
    cache.close();
  }
}
