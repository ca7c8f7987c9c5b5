package dev.thermae.http.admin;

import dev.thermae.CodeCache;
import dev.thermae.code.Rejection;
import dev.thermae.disk.DiskStore;
import dev.thermae.disk.DiskUsage;
import dev.thermae.event.CacheListener;
import dev.thermae.event.CacheStats;
import dev.thermae.event.Counters;
import dev.thermae.event.Origin;
import dev.thermae.event.Temperature;
import dev.thermae.event.TimeSource;
import dev.thermae.http.proxy.ProxyListener;
import dev.thermae.http.proxy.ProxyRequest;
import dev.thermae.http.proxy.ProxyServer;
import dev.thermae.http.report.Words;
import dev.thermae.store.MemoryStore;
import dev.thermae.store.Store;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a proxy and its cache do, for status, page and metrics. Thread-safe.
 *
 * <p>It listens to the cache and to the proxy, so it is built before both, and told of them then.
 */
public final class StatusBoard implements CacheListener, ProxyListener {
  private static final int TOP = 10;

  private final TimeSource time;
  private final long started;
  private final long startedNanos;
  private final RequestCounts counts = new RequestCounts();
  private final TopResources resources = new TopResources();
  private final SavedTime saved = new SavedTime();
  private volatile @Nullable CodeCache cache;
  private volatile @Nullable ProxyServer proxy;
  private volatile @Nullable AccessLog log;

  /** A board on which nothing was counted yet. */
  public StatusBoard(TimeSource time) {
    this.time = time;
    this.started = time.millis();
    this.startedNanos = time.nanos();
  }

  /** Tells it of the cache that it listens to. */
  public void watch(CodeCache watched) {
    cache = watched;
  }

  /** Tells it of the proxy that it listens to. */
  public void watch(ProxyServer watched) {
    proxy = watched;
  }

  /** Tells it of the log whose lines it shall count. */
  public void watch(AccessLog watched) {
    log = watched;
  }

  @Override
  public void onRequest(ProxyRequest request) {
    counts.count(request);
    if (request.temperature() == Temperature.HOT) {
      saved.hot(request.url(), 0);
    }
    resources.count(request);
  }

  @Override
  public void onCompile(String name, long nanos) {
    saved.compiled(name, nanos);
  }

  @Override
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileNanos, long loadNanos) {
    if (origin == Origin.RESTORED) {
      saved.hot(name, loadNanos);
    }
  }

  /** Requests. */
  RequestCounts counts() {
    return counts;
  }

  LongAdder savedNanos() {
    return saved.nanos;
  }

  /** What the cache counted; zeros before there is one. */
  CacheStats cacheStats() {
    CodeCache known = cache;
    return known == null ? new Counters(null).snapshot() : known.stats();
  }

  /** Whether the proxy takes requests. */
  public boolean isReady() {
    ProxyServer known = proxy;
    return known != null && known.isReady();
  }

  /** Where the proxy's requests lead; null before there is one. */
  @Nullable String origin() {
    ProxyServer known = proxy;
    return known == null ? null : known.origin();
  }

  /** What the index knows; null until it is open, and without a folder. */
  @Nullable DiskUsage usage() {
    CodeCache known = cache;
    return known != null && known.store() instanceof DiskStore disk ? disk.usage() : null;
  }

  /** Everything as of now. */
  public Status status() {
    CacheStats stats = cacheStats();
    ProxyServer known = proxy;
    AccessLog written = log;
    List<Status.Top> tops = resources.all();
    long now = time.millis();
    return new Status(
        Instant.ofEpochMilli(now).toString(),
        version(),
        Words.time(started),
        (time.nanos() - startedNanos) / 1_000_000_000L,
        isReady(),
        known == null ? null : known.url(),
        known == null ? null : known.origin(),
        counts.requests(),
        counts.misses(),
        counts.temperatures(),
        code(stats),
        rejections(stats),
        storage(stats),
        TopResources.best(tops, Status.Top::hits, TOP),
        TopResources.best(tops, Status.Top::bytes, TOP),
        written == null ? null : new Status.Log(written.written(), written.dropped()));
  }

  /** As the jar's manifest says. */
  public static String version() {
    String version = StatusBoard.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  private Status.Code code(CacheStats stats) {
    return new Status.Code(
        stats.cold(),
        stats.warm(),
        stats.hot(),
        stats.memory(),
        stats.compiles(),
        stats.compileErrors(),
        Words.millis(stats.compileNanos()),
        Words.millis(saved.nanos.sum()),
        saved.unmeasured.sum(),
        stats.attached());
  }

  private static Map<String, Long> rejections(CacheStats stats) {
    Map<String, Long> map = new LinkedHashMap<>();
    for (Rejection reason : Rejection.values()) {
      if (stats.rejected(reason) > 0) {
        map.put(reason.name().toLowerCase(Locale.ROOT), stats.rejected(reason));
      }
    }
    return map;
  }

  private Status.Storage storage(CacheStats stats) {
    CodeCache known = cache;
    Store store = known == null ? null : known.store();
    DiskUsage usage = usage();
    Long held = store instanceof MemoryStore memory ? Long.valueOf(memory.bytes()) : null;
    Long count = store instanceof MemoryStore memory ? Long.valueOf(memory.keys().size()) : null;
    return new Status.Storage(
        usage != null ? usage.kind() : store instanceof DiskStore ? "opening" : "memory",
        usage == null ? count : Long.valueOf(usage.entries()),
        usage == null ? held : Long.valueOf(usage.bytes()),
        usage == null ? null : Long.valueOf(usage.limit()),
        usage == null ? null : Long.valueOf(usage.slots()),
        stats.evicted(),
        stats.stored(),
        stats.faults(),
        stats.dropped());
  }
}
