package dev.thermae.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that behaves: it asks for one cached resource at a fixed rate, whether or not the
 * answers come in time, over some connections that stay open. A request's time begins when it was
 * due, so that a stall is seen by all that were due meanwhile.
 */
final class SteadyLoad {
  private static final int CONNECTIONS = 8;

  private final int port;
  private final String path;
  private final byte[] body;
  private final int perSecond;

  /**
   * @param body that each answer must have
   */
  SteadyLoad(int port, String path, byte[] body, int perSecond) {
    this.port = port;
    this.path = path;
    this.body = body;
    this.perSecond = perSecond;
  }

  /**
   * What was measured.
   *
   * @param sorted nanoseconds of each request, ascending
   * @param misses answers that did not come from the cache; its entry is looked up anew each second
   * @param faults what went wrong, with how often
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader
  record Stretch(long[] sorted, int misses, Map<String, Integer> faults) {
    /** Milliseconds that this share of the requests took at most. */
    double millis(double share) {
      return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "p50 %.2f, p99 %.2f, worst %.1f ms of %d requests%s%s",
          millis(0.5),
          millis(0.99),
          millis(1),
          sorted.length,
          misses == 0 ? "" : ", " + misses + " not from the cache",
          faults.isEmpty() ? "" : ", FAULTS " + faults);
    }
  }

  /** Asks for so many seconds. */
  Stretch run(double seconds) throws InterruptedException {
    int each = (int) Math.max(1, seconds * perSecond / CONNECTIONS);
    long[][] times = new long[CONNECTIONS][each];
    AtomicInteger misses = new AtomicInteger();
    ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    long start = System.nanoTime() + 1_000_000;
    long period = 1_000_000_000L * CONNECTIONS / perSecond;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      long[] own = times[i];
      long first = start + period * i / CONNECTIONS;
      threads.add(new Thread(() -> connection(first, period, own, misses, faults), "steady-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    Map<String, Integer> counted = new TreeMap<>();
    faults.forEach(fault -> counted.merge(fault, 1, Integer::sum));
    long[] all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
    return new Stretch(all, misses.get(), counted);
  }

  /** Waits until a time of {@link System#nanoTime}. */
  static void awaitTime(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void connection(
      long first,
      long period,
      long[] times,
      AtomicInteger misses,
      ConcurrentLinkedQueue<String> faults) {
    HttpSocket socket = null;
    for (int i = 0; i < times.length; i++) {
      long due = first + i * period;
      awaitTime(due);
      try {
        socket = socket == null || socket.isSpent() ? HttpSocket.open(port) : socket;
        HttpSocket.Answer answer = socket.get(path);
        if (answer.status() != 200 || !Arrays.equals(answer.body(), body)) {
          faults.add("status " + answer.status() + ", " + answer.body().length + " bytes");
        } else if (!answer.isHit()) {
          misses.incrementAndGet();
        }
      } catch (HttpFailure e) {
        faults.add(e.kind().toString());
        socket = null;
      }
      times[i] = System.nanoTime() - due;
    }
    if (socket != null) {
      socket.close();
    }
  }
}
