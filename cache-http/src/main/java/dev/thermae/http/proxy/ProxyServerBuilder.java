package dev.thermae.http.proxy;

import dev.thermae.code.Ed25519SigningKey;
import dev.thermae.event.TimeSource;
import dev.thermae.http.guard.OriginGuard;
import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.resource.ResourceLoader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link ProxyServer}; not thread-safe. */
public final class ProxyServerBuilder {
  private final List<Route> routes = new ArrayList<>();
  private OriginRules fetchable = OriginRules.none();
  private @Nullable OriginGuard guard;
  ListenerSettings listening = new ListenerSettings();
  TimeSource time = TimeSource.SYSTEM;
  final CodeSettings code = new CodeSettings();
  String name = "thermae";
  Supplier<OkHttpClient> client = ProxyServerBuilder::newClient;
  long maximumRequestBytes = 64L << 20;
  int maximumThreads = 200;
  long memoryBytes = 64L << 20;
  Compression compression = Compression.standard();
  long streamFrom = 1L << 20;
  final List<ProxyListener> listeners = new ArrayList<>();

  ProxyServerBuilder() {}

  /** All requests that have no other route go to {@code origin}. */
  ProxyServerBuilder all(String origin) {
    routes.add(Route.all(origin));
    return this;
  }

  /** Where requests go. */
  Routes routes() {
    return new Routes(routes, fetchable);
  }

  /**
   * Requests from {@code from} go to {@code origin}, path and query unchanged: a host as clients
   * name it, a path that begins and ends with a slash, or both. Hosts come first, then longer
   * paths.
   *
   * @throws IllegalArgumentException when one of them is not that, saying why
   */
  public ProxyServerBuilder route(String from, String origin) {
    Route route = Route.parse(from, origin);
    for (Route other : routes) {
      if (other.prefix().equals(route.prefix()) && Objects.equals(other.host(), route.host())) {
        throw new IllegalArgumentException("two origins for " + from);
      }
    }
    routes.add(route);
    return this;
  }

  /**
   * What GET and HEAD of {@code /fetch/SCHEME/AUTHORITY/PATH?QUERY} may lead to; nothing unless
   * set. Needs a {@link #guard}.
   */
  public ProxyServerBuilder fetch(OriginRules rules) {
    fetchable = rules;
    return this;
  }

  /**
   * Guards what the proxy sends: only to origins of its routes, wherever they are, and to those
   * that may be fetched from, at addresses on the public internet unless they are internal. The
   * guard is for the loader, {@code ResourceLoaderBuilder.okHttpClient}, too. To be called after
   * {@link #route} and {@link #fetch}, which it does not learn of later; it is the caller's to
   * close.
   *
   * @param supplier who makes the client beneath
   */
  public OriginGuard guard(Supplier<OkHttpClient> supplier) {
    OriginRules rules = fetchable;
    for (Route route : routes) {
      rules = rules.allowInternal(route.origin().toString());
    }
    return guard(new OriginGuard(rules, supplier));
  }

  OriginGuard guard(OriginGuard made) {
    guard = made;
    client = made;
    return made;
  }

  /** Idle connections are dropped before common servers drop them at their end. */
  private static OkHttpClient newClient() {
    return new OkHttpClient.Builder()
        .connectionPool(new ConnectionPool(32, 4, TimeUnit.SECONDS))
        .build();
  }

  /** The port to listen on; 0, the default, takes any free one. */
  public ProxyServerBuilder port(int number) {
    listening.port(number);
    return this;
  }

  /** Where it listens, and what it puts up with; on any free port of this machine unless set. */
  public ProxyServerBuilder listener(ListenerSettings settings) {
    listening = settings;
    return this;
  }

  /** Clocks, for tests. */
  public ProxyServerBuilder time(TimeSource source) {
    time = source;
    return this;
  }

  /**
   * What {@code Via} and {@code Cache-Status} call the proxy; {@code thermae} unless set.
   *
   * @throws IllegalArgumentException when it is not a letter followed by letters, digits, dots,
   *     hyphens or underscores
   */
  public ProxyServerBuilder name(String pseudonym) {
    if (!pseudonym.matches("[A-Za-z][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "a name is a letter, then letters, digits, '.', '-' or '_': " + pseudonym);
    }
    name = pseudonym;
    return this;
  }

  /** Who makes the HTTP client for methods that are not cached; it stays the caller's. */
  public ProxyServerBuilder okHttpClient(Supplier<OkHttpClient> supplier) {
    client = supplier;
    return this;
  }

  /** Bytes that the body of a request may have; 64 MiB unless set. More is answered with 413. */
  public ProxyServerBuilder maximumRequestBytes(long bytes) {
    maximumRequestBytes = bytes;
    return this;
  }

  /**
   * Bytes for what is asked for again and again, kept outside the heap and checked against the
   * store every second; 64 MiB unless set, 0 for none.
   */
  public ProxyServerBuilder memory(long bytes) {
    memoryBytes = bytes;
    return this;
  }

  /**
   * What is packed for clients though the origin sends it plain, and held in {@link #memory}; text
   * of 1 KiB and more unless set.
   */
  public ProxyServerBuilder compression(Compression settings) {
    compression = settings;
    return this;
  }

  /**
   * Bytes from which on the body of a 200 is never held: it goes out while it comes, from the
   * origin or the store; 1 MiB unless set. How long it may be to be stored on its way is the
   * loader's to say, {@code ResourceLoaderBuilder.maximumBytes}. Sources for which code is asked
   * are held up to 32 MiB.
   *
   * @throws IllegalArgumentException for a number below 1
   */
  public ProxyServerBuilder streamFrom(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("bodies are long from 1 byte on, or more: " + bytes);
    }
    streamFrom = bytes;
    return this;
  }

  /** Threads at most, each with one request; 200 unless set. */
  public ProxyServerBuilder maximumThreads(int threads) {
    maximumThreads = threads;
    return this;
  }

  /**
   * Who compiles; none unless set, and then sources are all that is handed out. Only what the proxy
   * fetched and stored itself is compiled, and nothing without {@link #signWith}. It stays the
   * caller's to close, after the proxy.
   */
  public ProxyServerBuilder codeCompiler(CodeCompiler compiler) {
    code.compiler = compiler;
    return this;
  }

  /** The key that code is signed with; none unless set, and then no code is handed out. */
  public ProxyServerBuilder signWith(Ed25519SigningKey key) {
    code.key = key;
    return this;
  }

  /**
   * How long a request for code that is not there waits for the compile, which goes on without it;
   * 2 s unless set, zero for not at all.
   */
  public ProxyServerBuilder compileWait(Duration limit) {
    if (limit.isNegative()) {
      throw new IllegalArgumentException("a wait is zero or longer: " + limit);
    }
    code.wait = limit;
    return this;
  }

  /** Requests that may wait for a compile at once; 32 unless set. More get the source. */
  public ProxyServerBuilder maximumWaiting(int requests) {
    code.maximumWaiting = requests;
    return this;
  }

  /** Compiles that are asked for at once; 4 unless set. Up to 256 more are queued. */
  public ProxyServerBuilder maximumCompiles(int compiles) {
    code.maximumCompiles = compiles;
    return this;
  }

  /** One more who is told of every request that was answered. */
  public ProxyServerBuilder listener(ProxyListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Starts a proxy that answers through {@code loader}, which should be in shared mode.
   *
   * @throws IOException when it cannot listen, or certificate and key cannot be used
   * @throws IllegalStateException when clients say what is fetched and no guard sees all of it
   */
  public ProxyServer start(ResourceLoader loader) throws IOException {
    OriginGuard used = guard;
    if (!fetchable.isEmpty() && (used == null || !loader.goesOutThrough(used))) {
      throw new IllegalStateException("/fetch/ needs a loader whose client is this guard");
    }
    return ProxyServer.start(this, loader);
  }
}
