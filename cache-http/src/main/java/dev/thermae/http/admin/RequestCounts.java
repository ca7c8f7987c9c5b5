package dev.thermae.http.admin;

import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.proxy.ProxyRequest.Outcome;
import dev.thermae.http.resource.Forwarding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by what became of them. Thread-safe. */
final class RequestCounts {
  private final LongAdder[] outcomes = adders(Outcome.values().length);
  private final LongAdder[] reasons = adders(Forwarding.values().length);
  private final LongAdder[] temperatures = adders(Temperature.values().length);
  private final LongAdder[] statuses = adders(6);
  private final LongAdder bytes = new LongAdder();
  private final LongAdder bytesFromStore = new LongAdder();

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }

  /** One more was answered. */
  @SuppressWarnings("EnumOrdinal") // an index into counts of this process
  void count(ProxyRequest request) {
    outcomes[request.outcome().ordinal()].increment();
    statuses[Math.min(5, Math.max(0, request.status() / 100))].increment();
    bytes.add(request.bytes());
    if (request.outcome().isFromStore()) {
      bytesFromStore.add(request.bytes());
    }
    Forwarding why = request.forwarding();
    if (why != null) {
      reasons[why.ordinal()].increment();
    }
    Temperature temperature = request.temperature();
    if (temperature != null) {
      temperatures[temperature.ordinal()].increment();
    }
  }

  /** Requests by what became of them. */
  @SuppressWarnings("EnumOrdinal") // an index into counts of this process
  LongAdder requests(Outcome outcome) {
    return outcomes[outcome.ordinal()];
  }

  /** Requests that went to the origin, by why. */
  @SuppressWarnings("EnumOrdinal") // an index into counts of this process
  LongAdder misses(Forwarding reason) {
    return reasons[reason.ordinal()];
  }

  /** Requests for code, by what they found. */
  @SuppressWarnings("EnumOrdinal") // an index into counts of this process
  LongAdder requests(Temperature temperature) {
    return temperatures[temperature.ordinal()];
  }

  /** Of bodies sent. */
  LongAdder bytes() {
    return bytes;
  }

  /** Of these, those from the store. */
  LongAdder bytesFromStore() {
    return bytesFromStore;
  }

  /** Those that went to the origin, by why; without those that never did. */
  Map<String, Long> misses() {
    Map<String, Long> map = new LinkedHashMap<>();
    for (Forwarding reason : Forwarding.values()) {
      long count = misses(reason).sum();
      if (count > 0) {
        map.put(reason.toString(), count);
      }
    }
    return map;
  }

  /** Those for code, by what they found. */
  Status.Temperatures temperatures() {
    return new Status.Temperatures(
        requests(Temperature.COLD).sum(),
        requests(Temperature.WARM).sum(),
        requests(Temperature.HOT).sum());
  }

  /** All of them as of now. */
  Status.Requests requests() {
    Map<String, Long> byOutcome = new LinkedHashMap<>();
    long total = 0;
    long fromStore = 0;
    long cacheable = 0;
    for (Outcome outcome : Outcome.values()) {
      long count = requests(outcome).sum();
      byOutcome.put(outcome.toString(), count);
      total += count;
      fromStore += outcome.isFromStore() ? count : 0;
      cacheable += outcome.isCacheable() ? count : 0;
    }
    Map<String, Long> byStatus = new LinkedHashMap<>();
    for (int i = 1; i < statuses.length; i++) {
      byStatus.put(i + "xx", statuses[i].sum());
    }
    Double ratio = cacheable == 0 ? null : Double.valueOf((double) fromStore / cacheable);
    return new Status.Requests(
        total, byOutcome, byStatus, fromStore, cacheable, ratio, bytes.sum(), bytesFromStore.sum());
  }
}
