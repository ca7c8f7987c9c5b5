package dev.thermae.http.proxy;

import dev.thermae.code.Fingerprint;
import dev.thermae.http.resource.ResourceLoader;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnectionLimit;
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
  private final Representations representations;
  private final String origin;
  private final @Nullable CodeDesk desk;
  private volatile int port;

  private ProxyServer(ProxyServerBuilder settings, ResourceLoader loader) throws IOException {
    this.counters = new ProxyCounters();
    Routes routes = settings.routes();
    this.origin = routes.toString();
    this.passThrough =
        new PassThrough(settings.client, settings.name, settings.maximumRequestBytes);
    this.server = new Server(threads(settings));
    ListenerSettings listening = settings.listening;
    this.desk = desk(settings.code, loader);
    this.hot = new HotResponses(settings.memoryBytes, settings.time);
    this.representations =
        new Representations(hot, settings.memoryBytes, settings.time, settings.compression);
    Told told = new Told(settings.listeners);
    Handler handler = handler(settings, routes, loader, told);
    this.clients = new SlowClients(listening, settings.time::nanos, new LastRequests(handler));
    this.listener = DataConnector.of(server, listening, clients);
    server.addConnector(listener);
    server.addBean(new NetworkConnectionLimit(listening.maximumConnections, listener));
    server.setErrorHandler(new PlainErrors());
    server.setHandler(clients);
    if (!settings.listeners.isEmpty()) {
      server.setRequestLog(told);
    }
    server.setStopTimeout(listening.stopTimeout.toMillis());
  }

  private Handler handler(
      ProxyServerBuilder settings, Routes routes, ResourceLoader loader, Told told) {
    CodeAnswers code = desk == null ? null : new CodeAnswers(desk);
    String name = settings.name;
    ProxyHandler handler =
        new ProxyHandler(
            routes,
            hot,
            new StoredAnswers(
                new SourceFetches(new Hops(routes), loader, name, settings.streamFrom),
                loader,
                name,
                counters,
                representations,
                code),
            new Forwards(passThrough, loader, hot, counters),
            new Failures(name, counters),
            counters,
            told);
    return desk == null ? handler : new CodeRoutes(handler, desk);
  }

  private static @Nullable CodeDesk desk(CodeSettings settings, ResourceLoader loader) {
    CodeCompiler compiler = settings.compiler;
    return compiler == null ? null : new CodeDesk(loader, compiler, settings);
  }

  private static QueuedThreadPool threads(ProxyServerBuilder settings) {
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
  public static ProxyServerBuilder builder(String origin) {
    return builder().all(origin);
  }

  /** Settings for a proxy that is in front of no origin yet. */
  public static ProxyServerBuilder builder() {
    return new ProxyServerBuilder();
  }

  /**
   * Starts one.
   *
   * @throws IOException when it cannot listen, or certificate and key cannot be used
   */
  static ProxyServer start(ProxyServerBuilder settings, ResourceLoader loader) throws IOException {
    ProxyServer proxy = new ProxyServer(settings, loader);
    proxy.start();
    return proxy;
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

  /** How often a body was packed. */
  long packedBodies() {
    return representations.packed();
  }

  /** Bytes that are held in memory. */
  long heldBytes() {
    return hot.bytes();
  }

  /** Connections ended because their clients were too slow. */
  public long slowClients() {
    return clients.aborted();
  }

  /** What became of requests for code; null where there is no compiler. */
  public @Nullable CodeStats codeStats() {
    return desk == null ? null : desk.counts().snapshot();
  }

  /**
   * Fingerprints that code can be made for, each with its engine's name; empty where there is no
   * compiler, or none starts. Waits while the first one starts.
   */
  public Map<Fingerprint, String> producible() {
    return desk == null ? Map.of() : desk.producible();
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
      representations.close();
      passThrough.close();
    }
  }
}
