package dev.thermae.http.resource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets at most so many requests at a time go to one origin (RFC 6454: scheme and authority); others
 * wait for their turn, in order. Thread-safe.
 */
final class PerOrigin implements Transport {
  private final Transport next;
  private final int maximum;
  private final long waitMillis;
  private final ConcurrentHashMap<String, Queue> queues = new ConcurrentHashMap<>();

  /** Forgotten when nobody uses it any more. */
  private static final class Queue {
    final Semaphore permits;
    int users;

    Queue(int maximum) {
      permits = new Semaphore(maximum, true);
    }
  }

  /** {@code waitMillis} is how long a request waits for its turn; zero for as long as it takes. */
  PerOrigin(Transport next, int maximum, long waitMillis) {
    this.next = next;
    this.maximum = maximum;
    this.waitMillis = waitMillis == 0 ? Long.MAX_VALUE : waitMillis;
  }

  @Override
  public Answer send(String method, String url, HeaderList fields, long streamFrom)
      throws IOException {
    String origin = url.substring(0, url.indexOf('/', url.indexOf("//") + 2));
    Queue queue =
        queues.compute(
            origin,
            (name, known) -> {
              Queue used = known == null ? new Queue(maximum) : known;
              used.users++;
              return used;
            });
    try {
      enter(queue, url, origin);
      try {
        return next.send(method, url, fields, streamFrom);
      } finally {
        queue.permits.release();
      }
    } finally {
      queues.computeIfPresent(origin, (name, used) -> --used.users == 0 ? null : used);
    }
  }

  private void enter(Queue queue, String url, String origin) throws IOException {
    try {
      if (!queue.permits.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
        String busy = "still " + maximum + " requests under way to " + origin;
        throw FetchException.refused(url, busy + " after " + waitMillis + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a turn at " + origin);
    }
  }

  @Override
  public void close() {
    next.close();
  }
}
