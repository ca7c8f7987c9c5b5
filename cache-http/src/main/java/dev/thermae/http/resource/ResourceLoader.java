package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.EntryHead;
import dev.thermae.store.Store;
import dev.thermae.store.StoredEntry;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
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
  private volatile @Nullable ResourceLoaderBuilder settings;
  private @Nullable OriginWalk walk;

  /** With its settings; null for defaults. */
  ResourceLoader(
      Store store,
      TimeSource time,
      Counters counters,
      String namespace,
      boolean shared,
      @Nullable ResourceLoaderBuilder settings) {
    this.store = store;
    this.time = time;
    this.counters = counters;
    this.namespace = namespace;
    this.settings = settings;
    this.keyPrefix = (shared ? "GET/shared " : "GET ") + namespace + '\n';
  }

  /** A loader over a cache's parts, in every other respect as {@link #builder} makes them. */
  public static ResourceLoader of(
      Store store, TimeSource time, Counters counters, String namespace) {
    return new ResourceLoader(store, time, counters, namespace, false, null);
  }

  /** A loader that keeps what it fetches in {@code store}, which stays the caller's. */
  public static ResourceLoaderBuilder builder(Store store) {
    return new ResourceLoaderBuilder(store);
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
   * The same for what was found, and left to be read lazily, and could not be read then: where that
   * is what is stored still, the origin is asked again.
   */
  public Fetched fetchAgain(ResourceRequest request, Fetched lost) throws IOException {
    StoredEntry entry = lost.entry();
    return entry == null ? fetch(request) : fetch(request, true, entry, true);
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
        boolean lazy = request.isLazy(head.bodyLength()) || head.is(EntryHead.REDIRECT);
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
    invalidated(key(normal));
    store.invalidate(key(normal), time.millis() + 1);
  }

  /** Null while nothing was asked of an origin. */
  private synchronized @Nullable OriginWalk knownWalk() {
    return walk;
  }

  /** What is under way under a key is for those who asked before. */
  void invalidated(String key) {
    OriginWalk known = knownWalk();
    if (known != null) {
      known.forget(key);
    }
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

  /** Long bodies that are being stored. */
  Collection<Fetched> underWay() {
    OriginWalk known = knownWalk();
    return known == null ? List.of() : known.underWay();
  }

  /** How many times its length a body may be decoded to. */
  int maximumRatio() {
    return settings().maximumRatio;
  }

  byte[] decode(String url, HeaderList headers, byte[] body) throws IOException {
    ResourceLoaderBuilder limits = settings();
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
  private ResourceLoaderBuilder settings() {
    ResourceLoaderBuilder known = settings;
    if (known == null) {
      known = new ResourceLoaderBuilder(store).time(time).namespace(namespace);
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
}
