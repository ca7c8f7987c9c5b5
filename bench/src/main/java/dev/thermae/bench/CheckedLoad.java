package dev.thermae.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that ask for resources of a {@link VersionedOrigin} through a proxy and check every body.
 * Half of them keep their connections, half open one for each request. Thread-safe.
 */
final class CheckedLoad implements AutoCloseable {
  private static final int TICKS = 10; // of a second

  private final VersionedOrigin origin;
  private final int port;
  private final long pause;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> firstFailures = new ConcurrentSkipListMap<>();
  private final Map<String, AtomicInteger> failures = new ConcurrentSkipListMap<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private final Map<Long, Tick> ticks = new ConcurrentSkipListMap<>();

  private static final class Tick {
    final AtomicInteger hits = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
  }

  /** So many clients with so many requests a second each. */
  CheckedLoad(VersionedOrigin origin, int port, int clients, int perSecond) {
    this.origin = origin;
    this.port = port;
    this.pause = 1_000_000_000L / perSecond;
    for (int i = 0; i < clients; i++) {
      boolean keeps = i % 2 == 0;
      int seed = i;
      threads.add(new Thread(() -> client(keeps, new Random(seed)), "client-" + i));
    }
    threads.forEach(Thread::start);
  }

  private void client(boolean keeps, Random random) {
    HttpSocket socket = null;
    while (!closed.get()) {
      long next = System.nanoTime() + pause;
      socket = request(socket, random.nextInt(origin.size()));
      if (socket != null && (!keeps || socket.isSpent())) {
        socket.close();
        socket = null;
      }
      SteadyLoad.awaitTime(next);
    }
    if (socket != null) {
      socket.close();
    }
  }

  /** On a connection, or on a new one; the connection that answered, null after a failure. */
  private HttpSocket request(HttpSocket kept, int number) {
    requests.incrementAndGet();
    boolean hit = false;
    HttpSocket socket = null;
    try {
      socket = attempt(kept, number);
      hit = socket.wasHit();
    } catch (HttpFailure first) {
      count(firstFailures, first + (kept == null ? " (new)" : " (kept)"));
      try {
        if (first.kind() != HttpFailure.Kind.UNANSWERED) {
          throw first;
        }
        socket = attempt(null, number); // a GET may be repeated, once
        hit = socket.wasHit();
      } catch (HttpFailure second) {
        count(failures, second.toString());
      }
    }
    Tick tick = ticks.computeIfAbsent(now(), key -> new Tick());
    tick.requests.incrementAndGet();
    if (hit) {
      tick.hits.incrementAndGet();
    }
    return socket;
  }

  private HttpSocket attempt(HttpSocket kept, int number) throws HttpFailure {
    HttpSocket socket = kept;
    if (socket == null) {
      opened.incrementAndGet();
      socket = HttpSocket.open(port);
    }
    long asked = System.nanoTime();
    try {
      HttpSocket.Answer answer = socket.get(VersionedOrigin.path(number));
      if (answer.status() != 200) {
        throw new HttpFailure(HttpFailure.Kind.STATUS, Integer.toString(answer.status()));
      }
      String fault = origin.wrong(number, answer.body(), asked);
      if (fault != null) {
        wrong.add(fault + ", " + answer.field("cache-status") + ", age " + answer.field("age"));
      }
      return socket;
    } catch (HttpFailure e) {
      socket.close();
      throw e;
    }
  }

  private static void count(Map<String, AtomicInteger> where, String what) {
    where.computeIfAbsent(what, key -> new AtomicInteger()).incrementAndGet();
  }

  private static long now() {
    return System.nanoTime() / (1_000_000_000 / TICKS);
  }

  /** The share of hits among the requests that ended within the last second; 0 without any. */
  double hitRatio() {
    long until = now();
    long hits = 0;
    long all = 0;
    for (long tick = until - TICKS; tick < until; tick++) {
      Tick each = ticks.get(tick);
      if (each != null) {
        hits += each.hits.get();
        all += each.requests.get();
      }
    }
    return all == 0 ? 0 : (double) hits / all;
  }

  long requests() {
    return requests.get();
  }

  /** Connections that were opened, or tried to be. */
  long opened() {
    return opened.get();
  }

  /** Bodies that must not have been sent, in words. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Requests that failed at first, by kind: what a client sees that repeats nothing. */
  Map<String, AtomicInteger> firstFailures() {
    return firstFailures;
  }

  /** Requests that failed although a GET without an answer was repeated once. */
  Map<String, AtomicInteger> failures() {
    return failures;
  }

  static int sum(Map<String, AtomicInteger> counts) {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Returns when no request is under way. */
  @Override
  public void close() throws InterruptedException {
    closed.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
