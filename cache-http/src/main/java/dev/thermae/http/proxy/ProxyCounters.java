package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers. Thread-safe. */
final class ProxyCounters {
  final LongAdder requests = new LongAdder();
  final LongAdder forwarded = new LongAdder();
  final LongAdder notModified = new LongAdder();
  final LongAdder failed = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder revalidated = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder passed = new LongAdder();

  void count(Fetched.Outcome outcome) {
    switch (outcome) {
      case FRESH -> hits.increment();
      case REVALIDATED -> revalidated.increment();
      case STORED, KEPT -> stored.increment();
      case STALE -> stale.increment();
      case PASSED -> passed.increment();
    }
  }

  ProxyStats snapshot() {
    return new ProxyStats(
        requests.sum(),
        hits.sum(),
        revalidated.sum(),
        stored.sum(),
        stale.sum(),
        passed.sum(),
        forwarded.sum(),
        notModified.sum(),
        failed.sum());
  }
}
