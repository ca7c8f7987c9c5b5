package dev.thermae.http.proxy;

import dev.thermae.http.resource.ResourceLoader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.BlockingArrayQueue;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A reverse proxy for one origin, which answers from the store of a {@link ResourceLoader} where
 * RFC 9111 lets a shared cache do so. Thread-safe.
 *
 * <pre>{@code
 * ResourceLoader loader = ResourceLoader.builder(cache.store()).shared(true).build();
 * try (ProxyServer proxy = ProxyServer.builder("http://localhost:8000").port(8080).start(loader)) {
 *   proxy.join();
 * }
 * }</pre>
 */
public final class ProxyServer implements AutoCloseable {
  private static final int HEADER_BYTES = 8 * 1024;
  private static final int QUEUED_JOBS = 4096;

  private final Server server;
  private final ServerConnector connector;
  private final PassThrough passThrough;
  private final ProxyCounters counters;
  private final String origin;
  private volatile int port;

  private ProxyServer(Builder settings, ResourceLoader loader) {
    this.counters = new ProxyCounters();
    this.origin = settings.origin.toString();
    this.passThrough =
        new PassThrough(settings.client, settings.name, settings.maximumRequestBytes);
    this.server = new Server(threads(settings));
    this.connector = connector(server, settings);
    ProxyHandler handler =
        new ProxyHandler(settings.origin, loader, passThrough, settings.name, counters);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.maximumConnections, connector));
    server.setErrorHandler(new PlainErrors());
    server.setHandler(new GracefulHandler(handler));
    if (!settings.listeners.isEmpty()) {
      server.setRequestLog(new Told(settings.listeners));
    }
    server.setStopTimeout(settings.stopTimeout.toMillis());
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
    threads.setStopTimeout(settings.stopTimeout.toMillis());
    return threads;
  }

  private static ServerConnector connector(Server server, Builder settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(2 * HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    ServerConnector connector = new ServerConnector(server, 1, -1, new HttpConnectionFactory(http));
    connector.setHost(settings.bind);
    connector.setPort(settings.port);
    connector.setIdleTimeout(settings.idleTimeout.toMillis());
    connector.setShutdownIdleTimeout(settings.stopTimeout.toMillis() / 10);
    connector.setAcceptedTcpNoDelay(true);
    return connector;
  }

  /**
   * Settings for a proxy in front of {@code origin}: a scheme, a host and perhaps a port.
   *
   * @throws IllegalArgumentException when it is not that, saying why
   */
  public static Builder builder(String origin) {
    return new Builder(OriginUrl.parse(origin));
  }

  private void start() throws IOException {
    try {
      server.start();
      port = connector.getLocalPort();
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
    String host = connector.getHost();
    return "http://" + (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
  }

  /** Where requests go: scheme and authority. */
  public String origin() {
    return origin;
  }

  /** Whether it takes requests: it listens, and is not being closed. */
  public boolean isReady() {
    return server.isStarted() && connector.isOpen();
  }

  /** What was answered so far. */
  public ProxyStats stats() {
    return counters.snapshot();
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
      passThrough.close();
    }
  }

  /** Settings of a {@link ProxyServer}; not thread-safe. */
  public static final class Builder {
    private final OriginUrl origin;
    private String bind = "127.0.0.1";
    private int port;
    private String name = "thermae";
    private Supplier<OkHttpClient> client = Builder::newClient;
    private long maximumRequestBytes = 64L << 20;
    private int maximumThreads = 200;
    private int maximumConnections = 8192;
    private Duration idleTimeout = Duration.ofSeconds(30);
    private Duration stopTimeout = Duration.ofSeconds(10);
    private final List<ProxyListener> listeners = new ArrayList<>();

    private Builder(OriginUrl origin) {
      this.origin = origin;
    }

    /** Idle connections are dropped before common servers drop them at their end. */
    private static OkHttpClient newClient() {
      return new OkHttpClient.Builder()
          .connectionPool(new ConnectionPool(32, 4, TimeUnit.SECONDS))
          .build();
    }

    /** The address to listen on, a name or a number; the loopback address unless set. */
    public Builder bind(String address) {
      bind = address;
      return this;
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public Builder port(int number) {
      port = number;
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

    /** Threads at most, each with one request; 200 unless set. */
    public Builder maximumThreads(int threads) {
      maximumThreads = threads;
      return this;
    }

    /** Connections of clients at most; 8,192 unless set. More wait to be accepted. */
    public Builder maximumConnections(int connections) {
      maximumConnections = connections;
      return this;
    }

    /** How long a client's connection may be silent; 30 s unless set. */
    public Builder idleTimeout(Duration limit) {
      idleTimeout = limit;
      return this;
    }

    /** How long requests under way may take when the proxy is closed; 10 s unless set. */
    public Builder stopTimeout(Duration limit) {
      stopTimeout = limit;
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
     * @throws IOException when it cannot listen
     */
    public ProxyServer start(ResourceLoader loader) throws IOException {
      ProxyServer proxy = new ProxyServer(this, loader);
      proxy.start();
      return proxy;
    }
  }
}
