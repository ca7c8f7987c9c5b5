package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Fetches over HTTP through a store, as RFC 9111 has it: a private cache unless told otherwise.
 * Thread-safe.
 *
 * <pre>{@code
 * try (ResourceLoader loader = ResourceLoader.builder(store).build()) {
 *   Fetched script = loader.fetch(ResourceRequest.get("https://example.org/app.js"));
 *   Source source = script.source();
 * }
 * }</pre>
 *
 * <p>A fresh stored response is found with JDK classes alone; the HTTP client is built when the
 * first request goes out.
 */
public final class ResourceLoader implements AutoCloseable {
  private static final int MAXIMUM_REDIRECTS = 20;

  private final Store store;
  private final TimeSource time;
  private final String keyPrefix;
  private final Counters counters;
  private final String namespace;
  private volatile @Nullable Builder settings;
  private @Nullable OriginWalk walk;

  private ResourceLoader(
      Store store, TimeSource time, Counters counters, String namespace, boolean shared) {
    this.store = store;
    this.time = time;
    this.counters = counters;
    this.namespace = namespace;
    this.keyPrefix = (shared ? "GET/shared " : "GET ") + namespace + '\n';
  }

  /** A loader over a cache's parts, in every other respect as {@link #builder} makes them. */
  public static ResourceLoader of(
      Store store, TimeSource time, Counters counters, String namespace) {
    return new ResourceLoader(store, time, counters, namespace, false);
  }

  /** A loader that keeps what it fetches in {@code store}, which stays the caller's. */
  public static Builder builder(Store store) {
    return new Builder(store);
  }

  /**
   * The response for {@code request}: from the store where it may be used, else from the origin.
   * Redirects are followed, each hop cached under its own rules; whatever status the origin answers
   * is answered here, and a request with {@code only-if-cached} that the store cannot satisfy gets
   * a 504.
   *
   * @throws FetchException when the URL is not one for HTTP, the network failed and no stored
   *     response may stand in, or the response is not usable
   */
  public Fetched fetch(ResourceRequest request) throws IOException {
    return fetch(request, false, null, false);
  }

  /**
   * The same for a plain GET, which a fresh process that finds a fresh response answers without
   * loading what a request consists of.
   */
  public Fetched fetch(String url) throws IOException {
    StoredEntry entry = store.find(key(url), null);
    EntryHead head = entry == null ? null : entry.head();
    long now = time.millis();
    if (entry == null || head == null) {
      return fetch(ResourceRequest.get(url), false, null, false);
    }
    if (!head.isFresh(now) || head.is(EntryHead.REDIRECT)) {
      return fetch(ResourceRequest.get(url), true, entry, false);
    }
    byte[] body = entry.body();
    return body == null
        ? fetch(ResourceRequest.get(url), true, entry, true)
        : new Fetched(this, url, entry, head, body, now, null, null);
  }

  /**
   * What {@code looked} brought, {@code known}, is not looked up again, and its body not read again
   * when it is {@code lost}.
   */
  private Fetched fetch(
      ResourceRequest request, boolean looked, @Nullable StoredEntry known, boolean lost)
      throws IOException {
    ResourceRequest current = request;
    for (int hop = 0; hop <= MAXIMUM_REDIRECTS; hop++) {
      String url = current.url();
      StoredEntry entry = looked && hop == 0 ? known : stored(current, url);
      if (entry == null && !UrlText.isNormal(url)) {
        url = UrlParser.normalize(url);
        entry = stored(current, url);
      }
      Fetched fetched = fetchOne(current, url, entry, lost && hop == 0);
      String location = current.followsRedirects() ? fetched.location() : null;
      if (location == null) {
        return fetched;
      }
      current = follow(current, url, location);
    }
    throw FetchException.refused(request.url(), "more than 20 redirects");
  }

  /** The request for the next hop (RFC 9110 section 15.4); both URLs are in normal form. */
  private ResourceRequest follow(ResourceRequest request, String from, String to)
      throws IOException {
    if (from.startsWith("https:") && to.startsWith("http:") && !settings().allowDowngrade) {
      throw FetchException.refused(from, "redirects from https to " + to);
    }
    int authorityEnd = from.indexOf('/', from.indexOf("//") + 2);
    return request.redirectedTo(to, to.startsWith(from.substring(0, authorityEnd + 1)));
  }

  /** What is stored under the text of a URL; nothing is under texts that are not normal. */
  private @Nullable StoredEntry stored(ResourceRequest request, String url) {
    return request.isPastCache() ? null : store.find(key(url), request.selector());
  }

  private Fetched fetchOne(
      ResourceRequest request, String url, @Nullable StoredEntry found, boolean knownLost)
      throws IOException {
    boolean lost = knownLost;
    if (found != null && !lost && request.isPlain()) {
      EntryHead head = found.head();
      long now = time.millis();
      if (head.isFresh(now)) {
        boolean lazy = request.hasLazyBody() || head.is(EntryHead.REDIRECT);
        byte[] body = lazy ? null : found.body();
        if (lazy || body != null) {
          return new Fetched(this, url, found, head, body, now, null, null);
        }
        lost = true;
      }
    }
    return walk().fetch(request, url, found, lost, null);
  }

  /** One hop over a way to the origin of the request's own; its URL is in normal form. */
  Fetched fetch(ResourceRequest request, Transport own) throws IOException {
    String url = request.url();
    return walk().fetch(request, url, stored(request, url), false, own);
  }

  /**
   * Makes the stored responses for {@code url} unusable, every variant, and drops those that are
   * under way (RFC 9111 section 4.4).
   */
  public void invalidate(String url) throws IOException {
    String plain = UrlText.withoutFragment(url);
    String normal = UrlText.isNormal(plain) ? plain : UrlParser.normalize(plain);
    store.invalidate(key(normal), time.millis() + 1);
  }

  /** Where responses are kept. */
  public Store store() {
    return store;
  }

  /** Where time comes from. */
  public TimeSource time() {
    return time;
  }

  /** Who counts. */
  public Counters counters() {
    return counters;
  }

  String key(String url) {
    return keyPrefix + url;
  }

  long now() {
    return time.millis();
  }

  /** Tells whoever wants to know what is stored. */
  void told(String url, HeaderList headers) {
    HeadListener listener = settings().headListener;
    if (listener != null) {
      listener.onHead(url, headers);
    }
  }

  byte[] decode(String url, HeaderList headers, byte[] body) throws IOException {
    Builder limits = settings();
    return ContentCoding.decode(
        url, headers, body, limits.maximumDecodedBytes, limits.maximumRatio);
  }

  /**
   * Whether all that this loader sends goes through the HTTP client of {@code supplier}, so that
   * whoever guards that client knows that nothing passes it by.
   */
  public boolean goesOutThrough(Supplier<OkHttpClient> supplier) {
    return settings().client == supplier;
  }

  /** The settings; a loader of defaults has them only once it needs more than the store. */
  private Builder settings() {
    Builder known = settings;
    if (known == null) {
      known = new Builder(store).time(time).namespace(namespace);
      settings = known;
    }
    return known;
  }

  /** What leads to the origin, built when it is first needed. */
  private synchronized OriginWalk walk() {
    OriginWalk known = walk;
    if (known == null) {
      known = new OriginWalk(this, settings(), counters);
      walk = known;
    }
    return known;
  }

  /** Closes connections, unless the HTTP client is the caller's. The store stays open. */
  @Override
  public synchronized void close() {
    if (walk != null) {
      walk.close();
    }
  }

  /** Settings of a {@link ResourceLoader}; not thread-safe. */
  public static final class Builder {
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
    long streamFrom = Long.MAX_VALUE;
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

    private Builder(Store store) {
      this.store = store;
    }

    private Builder(Builder other) {
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
      streamFrom = other.streamFrom;
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
    public Builder time(TimeSource source) {
      time = source;
      return this;
    }

    /** Who counts faults of the store, such as a full disk. */
    public Builder counters(Counters newCounters) {
      counters = newCounters;
      return this;
    }

    /** Tenant or trust domain; part of every key. It has no line breaks. */
    public Builder namespace(String name) {
      if (name.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("a namespace has no line breaks: " + name);
      }
      namespace = name;
      return this;
    }

    /** Follows the rules for a cache that many users share, such as a proxy. */
    public Builder shared(boolean isShared) {
      shared = isShared;
      return this;
    }

    /**
     * Says that the namespace belongs to one user. Unless it does, responses to requests with
     * {@code Authorization} or {@code Cookie} are stored only where the origin lets shared caches
     * do so, since a server-side JVM has many users.
     */
    public Builder singleUser(boolean isSingle) {
      singleUser = isSingle;
      return this;
    }

    /** What becomes of code when a 200 replaces a body. */
    public Builder onReplace(OnReplace rule) {
      keepSameBytes = rule == OnReplace.KEEP_IF_SAME_BYTES;
      return this;
    }

    /** Follows redirects from https to http, too. */
    public Builder allowDowngrade(boolean isAllowed) {
      allowDowngrade = isAllowed;
      return this;
    }

    /**
     * Who makes the HTTP client, asked when the first request goes out. Its own cache and redirects
     * are switched off; everything else is the client's. It stays the caller's to close.
     */
    public Builder okHttpClient(Supplier<OkHttpClient> supplier) {
      client = supplier;
      return this;
    }

    /**
     * How long a request may take, body included; zero for no limit. The default is what the
     * caller's HTTP client says, and a minute for our own.
     */
    public Builder timeout(Duration limit) {
      timeoutMillis = limit.toMillis();
      return this;
    }

    /** Bytes that a body may have as received; default 64 MiB. */
    public Builder maximumBytes(long bytes) {
      maximumBytes = bytes;
      return this;
    }

    /**
     * Bytes from which on the body of a 200 is not held, but handed out as it arrives ({@link
     * Fetched#flow}), and stored on the way unless it exceeds {@link #maximumBytes}. Default: none
     * is. The time-out then holds for what comes before.
     */
    public Builder streamFrom(long bytes) {
      streamFrom = bytes;
      return this;
    }

    /** Bytes that a body may have when decoded, default 256 MiB, and how many for each received. */
    public Builder maximumDecoded(long bytes, int ratio) {
      maximumDecodedBytes = bytes;
      maximumRatio = ratio;
      return this;
    }

    /**
     * How stale a response may be that is served because the origin cannot be reached and nothing
     * forbids it (RFC 9111 section 4.2.4); default one day, zero for never.
     */
    public Builder staleWhenDisconnected(Duration limit) {
      disconnectedMillis = limit.toMillis();
      return this;
    }

    /** No heuristic lifetime is longer (RFC 9111 section 4.2.2); default one day. */
    public Builder maximumHeuristic(Duration limit) {
      heuristicMillis = limit.toMillis();
      return this;
    }

    /**
     * How long a failure is remembered: one to reach the origin for a URL, and a 404, 405, 410, 414
     * or 501 that says nothing of how long it holds; default zero.
     */
    public Builder rememberFailures(Duration limit) {
      negativeMillis = limit.toMillis();
      return this;
    }

    /** Requests that may be under way to one origin, from 1; more wait for their turn. */
    public Builder maximumPerOrigin(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("at least one request must go to an origin at a time");
      }
      maximumPerOrigin = count;
      return this;
    }

    /**
     * Asks up to {@code count} more times when the network fails, the first time after {@code
     * delay}, then later each time; never after an answer. Default 0. Needs the library Failsafe.
     */
    public Builder retries(int count, Duration delay) {
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
    public Builder executor(Executor runs) {
      executor = runs;
      return this;
    }

    /** Who is told of every head that is stored or renewed; nobody unless set. */
    public Builder headListener(HeadListener listener) {
      headListener = listener;
      return this;
    }

    /**
     * Who is asked before the origin; made when the first request goes out, and closed with the
     * loader. Nobody unless set. Requests with credentials or ranges go to the origin alone.
     */
    public Builder near(Supplier<NearTier> tier) {
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
      Transport plain = new OkHttpTransport(client, timeoutMillis, maximumBytes, streamFrom, time);
      Transport limited = new PerOrigin(plain, maximumPerOrigin, Math.max(0, timeoutMillis));
      return retries == 0 ? limited : new Retrying(limited, retries, retryDelay);
    }

    /** Builds the loader; nothing is opened. */
    public ResourceLoader build() {
      Counters counts = counters == null ? new Counters(null) : counters;
      ResourceLoader loader = new ResourceLoader(store, time, counts, namespace, shared);
      loader.settings = new Builder(this);
      return loader;
    }
  }
}
