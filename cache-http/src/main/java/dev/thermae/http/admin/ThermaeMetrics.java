package dev.thermae.http.admin;

import dev.thermae.code.Rejection;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Temperature;
import dev.thermae.http.proxy.ProxyListener;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.proxy.ProxyRequest.Outcome;
import dev.thermae.http.resource.Forwarding;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * What a {@link StatusBoard} counts, for any Micrometer registry: Prometheus, OpenTelemetry's OTLP
 * or another. To have times as well, make it a listener of the proxy. Thread-safe.
 *
 * <pre>{@code
 * ThermaeMetrics metrics = new ThermaeMetrics(board);
 * metrics.bindTo(registry);
 * }</pre>
 */
public final class ThermaeMetrics implements MeterBinder, ProxyListener {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500),
    Duration.ofSeconds(10)
  };

  private final StatusBoard board;
  private final List<Times> times = new CopyOnWriteArrayList<>();

  private record Times(List<Timer> requests, Timer origin) {}

  /** Of a board, which may be told of cache and proxy later. */
  public ThermaeMetrics(StatusBoard board) {
    this.board = board;
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // an index into timers of this process
  public void onRequest(ProxyRequest request) {
    for (Times each : times) {
      each.requests
          .get(request.outcome().ordinal())
          .record(request.totalNanos(), TimeUnit.NANOSECONDS);
      if (request.originNanos() > 0) {
        each.origin.record(request.originNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindRequests(registry);
    bindCode(registry);
    bindStore(registry);
    Gauge.builder("thermae.ready", board, known -> known.isReady() ? 1 : 0)
        .description("1 while requests are taken")
        .register(registry);
  }

  private void bindRequests(MeterRegistry registry) {
    for (Forwarding reason : Forwarding.values()) {
      counter(
              "thermae.misses",
              board.counts().misses(reason),
              "Requests that went to the origin, by why")
          .tag("reason", reason.toString())
          .register(registry);
    }
    for (Temperature temperature : Temperature.values()) {
      counter("thermae.code.requests", board.counts().requests(temperature), "Requests for code")
          .tag("temperature", temperature.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    counter("thermae.sent", board.counts().bytes(), "Bytes of bodies sent")
        .baseUnit("bytes")
        .register(registry);
    counter(
            "thermae.sent.stored",
            board.counts().bytesFromStore(),
            "Of these, those from the store")
        .baseUnit("bytes")
        .register(registry);
    Outcome[] outcomes = Outcome.values();
    Timer[] timers = new Timer[outcomes.length];
    for (int i = 0; i < outcomes.length; i++) {
      timers[i] =
          timer("thermae.request", "Requests answered, by outcome")
              .tag("outcome", outcomes[i].toString())
              .register(registry);
    }
    Timer.Builder origin = timer("thermae.origin", "Until the origin's answer was there");
    times.add(new Times(List.of(timers), origin.register(registry)));
  }

  private void bindCode(MeterRegistry registry) {
    unit(registry, "cold", CacheStats::cold);
    unit(registry, "warm", CacheStats::warm);
    unit(registry, "hot", CacheStats::hot);
    unit(registry, "memory", CacheStats::memory);
    FunctionTimer.builder(
            "thermae.compile",
            board,
            known -> known.cacheStats().compiles(),
            known -> known.cacheStats().compileNanos(),
            TimeUnit.NANOSECONDS)
        .description("Compiles of this process")
        .register(registry);
    FunctionCounter.builder("thermae.compile.saved", board.savedNanos(), nanos -> nanos.sum() / 1e9)
        .description("Measured compile time that was not needed again")
        .baseUnit("seconds")
        .register(registry);
    for (Rejection reason : Rejection.values()) {
      cache("thermae.rejections", stats -> stats.rejected(reason), "Stored bytes refused, by why")
          .tag("reason", reason.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private void unit(
      MeterRegistry registry, String temperature, ToDoubleFunction<CacheStats> count) {
    cache("thermae.units", count, "Units handed out in this process")
        .tag("temperature", temperature)
        .register(registry);
  }

  private void bindStore(MeterRegistry registry) {
    cache("thermae.store.stored", CacheStats::stored, "Resources stored").register(registry);
    cache("thermae.store.evicted", CacheStats::evicted, "Resources taken out to make room")
        .register(registry);
    cache("thermae.store.faults", CacheStats::faults, "Failures of the store, all gone around")
        .register(registry);
    usage(registry, "thermae.store.entries", DiskUsage::entries, "Resources kept");
    usage(registry, "thermae.store.size", DiskUsage::bytes, "Bytes that files take");
    usage(registry, "thermae.store.limit", DiskUsage::limit, "Bytes that files may take");
  }

  private void usage(
      MeterRegistry registry, String name, ToDoubleFunction<DiskUsage> figure, String text) {
    Gauge.builder(
            name,
            board,
            known -> {
              DiskUsage usage = known.usage();
              return usage == null ? Double.NaN : figure.applyAsDouble(usage);
            })
        .description(text)
        .register(registry);
  }

  private FunctionCounter.Builder<StatusBoard> cache(
      String name, ToDoubleFunction<CacheStats> count, String text) {
    return FunctionCounter.builder(name, board, known -> count.applyAsDouble(known.cacheStats()))
        .description(text);
  }

  private static FunctionCounter.Builder<LongAdder> counter(
      String name, LongAdder count, String text) {
    return FunctionCounter.builder(name, count, LongAdder::sum).description(text);
  }

  private static Timer.Builder timer(String name, String text) {
    return Timer.builder(name).description(text).serviceLevelObjectives(BUCKETS);
  }
}
