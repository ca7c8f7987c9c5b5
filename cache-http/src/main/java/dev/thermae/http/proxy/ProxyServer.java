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
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy for origins, which answers from the store of a {@link ResourceLoader} where RFC
 * 9111 lets a shared cache do so. Thread-safe.
 *
 * <pre>{@code
 * ResourceLoader loader = ResourceLoader.builder(cache.store()).shared(true).build();
 * try (ProxyServer proxy = ProxyServer.builder("http://localhost:8000").port(8080).start(loader)) {
 *   proxy.join();
 * }
 * }</pre>
 */
public final class ProxyServer implements AutoCloseable {
  private static final int QUEUED_JOBS = 4096;

  private final Server server;
  private final DataConnector listener;
  private final SlowClients clients;
  private final PassThrough passThrough;
  private final ProxyCounters counters;
  private final HotResponses hot;
  private final String origin;
  private final @Nullable CodeDesk desk;
  private volatile int port;

  private ProxyServer(Builder settings, ResourceLoader loader) throws IOException {
    this.counters = new ProxyCounters();
    Routes routes = settings.routes();
    this.origin = routes.toString();
    this.passThrough =
        new PassThrough(settings.client, settings.name, settings.maximumRequestBytes);
    this.server = new Server(threads(settings));
    ListenerSettings listening = settings.listening;
    this.desk = desk(settings.code, loader);
    this.hot = new HotResponses(settings.memoryBytes, settings.time);
    ProxyHandler handler =
        new ProxyHandler(
            routes,
            loader,
            passThrough,
            settings.name,
            counters,
            hot,
            desk == null ? null : new CodeAnswers(desk),
            !settings.listeners.isEmpty());
    this.clients =
        new SlowClients(
            listening,
            settings.time::nanos,
            new LastRequests(desk == null ? handler : new CodeRoutes(handler, desk)));
    this.listener = DataConnector.of(server, listening, clients);
    server.addConnector(listener);
    server.addBean(new NetworkConnectionLimit(listening.maximumConnections, listener));
    server.setErrorHandler(new PlainErrors());
    server.setHandler(clients);
    if (!settings.listeners.isEmpty()) {
      server.setRequestLog(new Told(settings.listeners));
    }
    server.setStopTimeout(listening.stopTimeout.toMillis());
  }

  private static @Nullable CodeDesk desk(CodeSettings settings, ResourceLoader loader) {
    CodeCompiler compiler = settings.compiler;
    return compiler == null ? null : new CodeDesk(loader, compiler, settings);
  }

  /** Tells listeners of each request at its end; what they throw harms nobody. */
  private record Told(List<ProxyListener> listeners) implements RequestLog {
    Told {
      listeners = List.copyOf(listeners);
    }

    @Override
    public void log(Request request, Response response) {
      ProxyRequest ended = null;
      for (ProxyListener each : listeners) {
        if (each.isOn()) {
          ended = ended == null ? Trace.of(request).end(request, response) : ended;
          each.onRequest(ended);
        }
      }
    }
  }

  private static QueuedThreadPool threads(Builder settings) {
    int most = settings.maximumThreads;
    int least = Math.min(8, most);
    BlockingArrayQueue<Runnable> queue = BlockingArrayQueue.newInstance(256, QUEUED_JOBS);
    QueuedThreadPool threads = new QueuedThreadPool(most, least, queue);
    threads.setName("thermae-proxy");
    threads.setStopTimeout(settings.listening.stopTimeout.toMillis());
    return threads;
  }

  /**
   * Settings for a proxy in front of {@code origin}: a scheme, a host and perhaps a port.
   *
   * @throws IllegalArgumentException when it is not that, saying why
   */
  public static Builder builder(String origin) {
    Builder settings = builder();
    settings.routes.add(Route.all(origin));
    return settings;
  }

  /** Settings for a proxy that is in front of no origin yet. */
  public static Builder builder() {
    return new Builder();
  }

  private void start() throws IOException {
    try {
      server.start();
      clients.start(listener.getScheduler());
      port = listener.getLocalPort();
    } catch (Exception e) {
      close();
      throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
    }
  }

  /** The port it listens on, or listened on before it was closed. */
  public int port() {
    return port;
  }

  /** Where clients find it: {@code http://127.0.0.1:8080}. */
  public String url() {
    String host = listener.getHost();
    return listener.scheme()
        + "://"
        + (host.indexOf(':') >= 0 ? '[' + host + ']' : host)
        + ':'
        + port;
  }

  /** Where requests go: scheme and authority; with several routes the list of them. */
  public String origin() {
    return origin;
  }

  /** Whether it takes requests: it listens, and is not being closed. */
  public boolean isReady() {
    return server.isStarted() && listener.isOpen();
  }

  /** What was answered so far. */
  public ProxyStats stats() {
    return counters.snapshot();
  }

  /** Lets go of what is in memory; whoever purges the store says so. */
  public void forgetMemory() {
    hot.clear();
  }

  /** Connections ended because their clients were too slow. */
  public long slowClients() {
    return clients.aborted();
  }

  /** What became of requests for code; null where there is no compiler. */
  public @Nullable CodeStats codeStats() {
    return desk == null ? null : desk.counts().snapshot();
  }

  /** Waits until it was closed. */
  public void join() throws InterruptedException {
    server.join();
  }

  /**
   * Takes no more requests, lets those under way end for as long as the stop timeout says, and
   * closes. The loader and its store stay the caller's.
   */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      System.getLogger("dev.thermae")
          .log(System.Logger.Level.WARNING, "the proxy did not stop in order: " + e);
    } finally {
      if (desk != null) {
        desk.close();
      }
      passThrough.close();
    }
  }

  /** Settings of a {@link ProxyServer}; not thread-safe. */
  public static final class Builder {
    private final List<Route> routes = new ArrayList<>();
    private final List<String> reserved = new ArrayList<>();
    private OriginRules fetchable = OriginRules.none();
    private @Nullable OriginGuard guard;
    private ListenerSettings listening = new ListenerSettings();
    private TimeSource time = TimeSource.SYSTEM;
    private final CodeSettings code = new CodeSettings();
    private String name = "thermae";
    private Supplier<OkHttpClient> client = Builder::newClient;
    private long maximumRequestBytes = 64L << 20;
    private int maximumThreads = 200;
    private long memoryBytes = 64L << 20;
    private final List<ProxyListener> listeners = new ArrayList<>();

    private Builder() {}

    private Routes routes() {
      return new Routes(routes, fetchable, reserved);
    }

    /**
     * Requests from {@code from} go to {@code origin}, path and query unchanged: a host as clients
     * name it, a path that begins and ends with a slash, or both. Hosts come first, then longer
     * paths.
     *
     * @throws IllegalArgumentException when one of them is not that, saying why
     */
    public Builder route(String from, String origin) {
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
    public Builder fetch(OriginRules rules) {
      fetchable = rules;
      return this;
    }

    /** Paths that begin with {@code prefix} are the proxy's own, and never lead to an origin. */
    Builder reserve(String prefix) {
      reserved.add(prefix);
      return this;
    }

    /**
     * Guards what the proxy sends: only to origins of its routes, wherever they are, and to those
     * that may be fetched from, at addresses on the public internet unless they are internal. The
     * guard is for the loader, {@code ResourceLoader.Builder.okHttpClient}, too. To be called after
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
    public Builder port(int number) {
      listening.port(number);
      return this;
    }

    /** Where it listens, and what it puts up with; on any free port of this machine unless set. */
    public Builder listener(ListenerSettings settings) {
      listening = settings;
      return this;
    }

    /** Clocks, for tests. */
    public Builder time(TimeSource source) {
      time = source;
      return this;
    }

    /**
     * What {@code Via} and {@code Cache-Status} call the proxy; {@code thermae} unless set.
     *
     * @throws IllegalArgumentException when it is not a letter followed by letters, digits, dots,
     *     hyphens or underscores
     */
    public Builder name(String pseudonym) {
      if (!pseudonym.matches("[A-Za-z][A-Za-z0-9._-]{0,63}")) {
        throw new IllegalArgumentException(
            "a name is a letter, then letters, digits, '.', '-' or '_': " + pseudonym);
      }
      name = pseudonym;
      return this;
    }

    /** Who makes the HTTP client for methods that are not cached; it stays the caller's. */
    public Builder okHttpClient(Supplier<OkHttpClient> supplier) {
      client = supplier;
      return this;
    }

    /** Bytes that the body of a request may have; 64 MiB unless set. More is answered with 413. */
    public Builder maximumRequestBytes(long bytes) {
      maximumRequestBytes = bytes;
      return this;
    }

    /**
     * Bytes for what is asked for again and again, kept outside the heap and checked against the
     * store every second; 64 MiB unless set, 0 for none.
     */
    public Builder memory(long bytes) {
      memoryBytes = bytes;
      return this;
    }

    /** Threads at most, each with one request; 200 unless set. */
    public Builder maximumThreads(int threads) {
      maximumThreads = threads;
      return this;
    }

    /**
     * Who compiles; none unless set, and then sources are all that is handed out. Only what the
     * proxy fetched and stored itself is compiled, and nothing without {@link #signWith}. It stays
     * the caller's to close, after the proxy.
     */
    public Builder codeCompiler(CodeCompiler compiler) {
      code.compiler = compiler;
      return this;
    }

    /** The key that code is signed with; none unless set, and then no code is handed out. */
    public Builder signWith(Ed25519SigningKey key) {
      code.key = key;
      return this;
    }

    /**
     * How long a request for code that is not there waits for the compile, which goes on without
     * it; 2 s unless set, zero for not at all.
     */
    public Builder compileWait(Duration limit) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a wait is zero or longer: " + limit);
      }
      code.wait = limit;
      return this;
    }

    /** Requests that may wait for a compile at once; 32 unless set. More get the source. */
    public Builder maximumWaiting(int requests) {
      code.maximumWaiting = requests;
      return this;
    }

    /** Compiles that are asked for at once; 4 unless set. Up to 256 more are queued. */
    public Builder maximumCompiles(int compiles) {
      code.maximumCompiles = compiles;
      return this;
    }

    /** One more who is told of every request that was answered. */
    public Builder listener(ProxyListener listener) {
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
      ProxyServer proxy = new ProxyServer(this, loader);
      proxy.start();
      return proxy;
    }
  }
}
