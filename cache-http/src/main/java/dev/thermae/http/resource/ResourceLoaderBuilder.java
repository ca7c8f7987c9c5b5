package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.Store;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link ResourceLoader}; not thread-safe. */
public final class ResourceLoaderBuilder {
  final Store store;
  TimeSource time = TimeSource.SYSTEM;
  @Nullable Counters counters;
  String namespace = "";
  boolean shared;
  boolean singleUser;
  boolean keepSameBytes;
  boolean allowDowngrade;
  @Nullable Supplier<OkHttpClient> client;
  long timeoutMillis = -1;
  long maximumBytes = 64L << 20;
  long maximumDecodedBytes = 256L << 20;
  int maximumRatio = 200;
  long disconnectedMillis = 24 * 3_600_000L;
  long heuristicMillis = 24 * 3_600_000L;
  long negativeMillis;
  int maximumPerOrigin = 64;
  int retries;
  Duration retryDelay = Duration.ZERO;
  @Nullable Executor executor;
  @Nullable Supplier<NearTier> near;
  @Nullable HeadListener headListener;

  ResourceLoaderBuilder(Store store) {
    this.store = store;
  }

  private ResourceLoaderBuilder(ResourceLoaderBuilder other) {
    store = other.store;
    time = other.time;
    counters = other.counters;
    namespace = other.namespace;
    shared = other.shared;
    singleUser = other.singleUser;
    keepSameBytes = other.keepSameBytes;
    allowDowngrade = other.allowDowngrade;
    client = other.client;
    timeoutMillis = other.timeoutMillis;
    maximumBytes = other.maximumBytes;
    maximumDecodedBytes = other.maximumDecodedBytes;
    maximumRatio = other.maximumRatio;
    disconnectedMillis = other.disconnectedMillis;
    heuristicMillis = other.heuristicMillis;
    negativeMillis = other.negativeMillis;
    maximumPerOrigin = other.maximumPerOrigin;
    retries = other.retries;
    retryDelay = other.retryDelay;
    executor = other.executor;
    near = other.near;
    headListener = other.headListener;
  }

  Rules rules() {
    return new Rules(shared, singleUser, disconnectedMillis, heuristicMillis, negativeMillis);
  }

  /** Where time comes from. */
  public ResourceLoaderBuilder time(TimeSource source) {
    time = source;
    return this;
  }

  /** Who counts faults of the store, such as a full disk. */
  public ResourceLoaderBuilder counters(Counters newCounters) {
    counters = newCounters;
    return this;
  }

  /** Tenant or trust domain; part of every key. It has no line breaks. */
  public ResourceLoaderBuilder namespace(String name) {
    if (name.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a namespace has no line breaks: " + name);
    }
    namespace = name;
    return this;
  }

  /** Follows the rules for a cache that many users share, such as a proxy. */
  public ResourceLoaderBuilder shared(boolean isShared) {
    shared = isShared;
    return this;
  }

  /**
   * Says that the namespace belongs to one user. Unless it does, responses to requests with {@code
   * Authorization} or {@code Cookie} are stored only where the origin lets shared caches do so,
   * since a server-side JVM has many users.
   */
  public ResourceLoaderBuilder singleUser(boolean isSingle) {
    singleUser = isSingle;
    return this;
  }

  /** What becomes of code when a 200 replaces a body. */
  public ResourceLoaderBuilder onReplace(OnReplace rule) {
    keepSameBytes = rule == OnReplace.KEEP_IF_SAME_BYTES;
    return this;
  }

  /** Follows redirects from https to http, too. */
  public ResourceLoaderBuilder allowDowngrade(boolean isAllowed) {
    allowDowngrade = isAllowed;
    return this;
  }

  /**
   * Who makes the HTTP client, asked when the first request goes out. Its own cache and redirects
   * are switched off; everything else is the client's. It stays the caller's to close.
   */
  public ResourceLoaderBuilder okHttpClient(Supplier<OkHttpClient> supplier) {
    client = supplier;
    return this;
  }

  /**
   * How long a request may take, body included; zero for no limit. The default is what the caller's
   * HTTP client says, and a minute for our own.
   */
  public ResourceLoaderBuilder timeout(Duration limit) {
    timeoutMillis = limit.toMillis();
    return this;
  }

  /** Bytes that a body may have as received; default 64 MiB. */
  public ResourceLoaderBuilder maximumBytes(long bytes) {
    maximumBytes = bytes;
    return this;
  }

  /** Bytes that a body may have when decoded, default 256 MiB, and how many for each received. */
  public ResourceLoaderBuilder maximumDecoded(long bytes, int ratio) {
    maximumDecodedBytes = bytes;
    maximumRatio = ratio;
    return this;
  }

  /**
   * How stale a response may be that is served because the origin cannot be reached and nothing
   * forbids it (RFC 9111 section 4.2.4); default one day, zero for never.
   */
  public ResourceLoaderBuilder staleWhenDisconnected(Duration limit) {
    disconnectedMillis = limit.toMillis();
    return this;
  }

  /** No heuristic lifetime is longer (RFC 9111 section 4.2.2); default one day. */
  public ResourceLoaderBuilder maximumHeuristic(Duration limit) {
    heuristicMillis = limit.toMillis();
    return this;
  }

  /**
   * How long a failure is remembered: one to reach the origin for a URL, and a 404, 405, 410, 414
   * or 501 that says nothing of how long it holds; default zero.
   */
  public ResourceLoaderBuilder rememberFailures(Duration limit) {
    negativeMillis = limit.toMillis();
    return this;
  }

  /** Requests that may be under way to one origin, from 1; more wait for their turn. */
  public ResourceLoaderBuilder maximumPerOrigin(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one request must go to an origin at a time");
    }
    maximumPerOrigin = count;
    return this;
  }

  /**
   * Asks up to {@code count} more times when the network fails, the first time after {@code delay},
   * then later each time; never after an answer. Default 0. Needs the library Failsafe.
   */
  public ResourceLoaderBuilder retries(int count, Duration delay) {
    if (count < 0 || delay.isNegative() || count > 0 && delay.isZero()) {
      throw new IllegalArgumentException("retries need a number and a delay above zero");
    }
    retries = count;
    retryDelay = delay;
    return this;
  }

  /**
   * What runs validations that nobody waits for ({@code stale-while-revalidate}, RFC 5861 section
   * 3); unless set a few daemon threads, started when needed.
   */
  public ResourceLoaderBuilder executor(Executor runs) {
    executor = runs;
    return this;
  }

  /** Who is told of every head that is stored or renewed; nobody unless set. */
  public ResourceLoaderBuilder headListener(HeadListener listener) {
    headListener = listener;
    return this;
  }

  /**
   * Who is asked before the origin; made when the first request goes out, and closed with the
   * loader. Nobody unless set. Requests with credentials or ranges go to the origin alone.
   */
  public ResourceLoaderBuilder near(Supplier<NearTier> tier) {
    near = tier;
    return this;
  }

  /** Whoever is nearer around retries around the limit around the client. */
  Transport newTransport() {
    Transport far = newFarTransport();
    return near == null
        ? far
        : new NearTransport(near.get(), far, maximumDecodedBytes, maximumRatio);
  }

  private Transport newFarTransport() {
    Transport plain = new OkHttpTransport(client, timeoutMillis, maximumBytes, time);
    Transport limited = new PerOrigin(plain, maximumPerOrigin, Math.max(0, timeoutMillis));
    return retries == 0 ? limited : new Retrying(limited, retries, retryDelay);
  }

  /** Builds the loader; nothing is opened. */
  public ResourceLoader build() {
    Counters counts = counters == null ? new Counters(null) : counters;
    ResourceLoaderBuilder copy = new ResourceLoaderBuilder(this);
    return new ResourceLoader(store, time, counts, namespace, shared, copy);
  }
}
