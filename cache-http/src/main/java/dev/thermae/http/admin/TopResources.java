package dev.thermae.http.admin;

import dev.thermae.http.proxy.ProxyRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Counts by resource. Bounded: when there are too many, those with the fewest hits and bytes are
 * forgotten, so that counts of rare resources may be too low. Thread-safe.
 */
final class TopResources {
  private static final int MOST = 4096;
  private static final int KEPT = 1024;
  private static final int LONGEST = 512;

  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private final ReentrantLock pruning = new ReentrantLock();

  private static final class Tally {
    final LongAdder requests = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder bytes = new LongAdder();
  }

  void count(ProxyRequest request) {
    String url = request.url();
    if (url.isEmpty()) {
      return;
    }
    Tally tally =
        tallies.computeIfAbsent(
            url.length() > LONGEST ? url.substring(0, LONGEST) : url, any -> new Tally());
    tally.requests.increment();
    tally.bytes.add(request.bytes());
    if (request.outcome().isFromStore()) {
      tally.hits.increment();
    }
    if (tallies.size() > MOST && pruning.tryLock()) {
      try {
        prune();
      } finally {
        pruning.unlock();
      }
    }
  }

  private void prune() {
    List<Status.Top> all = all();
    Set<String> kept = new HashSet<>();
    best(all, Status.Top::hits, KEPT).forEach(top -> kept.add(top.url()));
    best(all, Status.Top::bytes, KEPT).forEach(top -> kept.add(top.url()));
    tallies.keySet().retainAll(kept);
  }

  List<Status.Top> all() {
    List<Status.Top> all = new ArrayList<>();
    tallies.forEach(
        (url, tally) ->
            all.add(
                new Status.Top(url, tally.requests.sum(), tally.hits.sum(), tally.bytes.sum())));
    return all;
  }

  /** The first {@code count} by a figure, the largest first, without those of zero. */
  static List<Status.Top> best(List<Status.Top> all, ToLongFunction<Status.Top> figure, int count) {
    Comparator<Status.Top> order = Comparator.comparingLong(figure);
    return all.stream()
        .filter(top -> figure.applyAsLong(top) > 0)
        .sorted(order.reversed().thenComparing(Status.Top::url))
        .limit(count)
        .toList();
  }
}
