package dev.thermae.http.admin;

import dev.thermae.http.report.Explanation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Where operators look at a proxy and purge: a listener of its own, apart from the proxy's.
 * Thread-safe.
 *
 * <ul>
 *   <li>{@code GET /healthz} and {@code GET /readyz} answer anybody; all else asks for the token.
 *   <li>{@code GET /status} and {@code GET /explain?url=} answer JSON, {@code GET /metrics} the
 *       text format of Prometheus.
 *   <li>{@code POST /purge} and {@code PURGE} take {@code url}, {@code prefix} and {@code key}.
 *   <li>{@code GET /} is a page that shows all of this; it logs in with the token.
 * </ul>
 */
public final class AdminServer implements AutoCloseable {
  private static final int HEADER_BYTES = 8 * 1024;
  private static final int IDLE_MILLIS = 30_000;

  private final Server server;
  private final ServerConnector connector;

  private AdminServer(Builder settings) {
    QueuedThreadPool threads = new QueuedThreadPool(12, 4);
    threads.setName("thermae-admin");
    this.server = new Server(threads);
    this.connector = connector(server, settings);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(settings.maximumConnections, connector));
    Set<String> names = new HashSet<>(settings.names);
    names.add(settings.bind);
    server.setHandler(new AdminHandler(settings, new HostCheck(names)));
    server.setErrorHandler(new AdminErrors());
  }

  private static ServerConnector connector(Server server, Builder settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(UriCompliance.DEFAULT);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.bind);
    connector.setPort(settings.port);
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }

  /** Settings for a listener that asks for {@code token} and shows {@code board}. */
  public static Builder builder(AdminToken token, StatusBoard board) {
    return new Builder(token, board);
  }

  /** Where it is: {@code http://127.0.0.1:8081}. */
  public String url() {
    String host = connector.getHost();
    int port = connector.getLocalPort();
    return "http://" + (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      System.getLogger("dev.thermae")
          .log(System.Logger.Level.WARNING, "the admin listener did not stop in order: " + e);
    }
  }

  /** Explains a URL as {@code thermae explain} does. */
  @FunctionalInterface
  public interface Explains {
    /**
     * What is stored for {@code url}, and what that means.
     *
     * @throws IOException when it is no URL, or the store cannot be read
     */
    Explanation explain(String url) throws IOException;
  }

  /** Settings of an {@link AdminServer}; not thread-safe. */
  public static final class Builder {
    final AdminToken token;
    final StatusBoard board;
    private final Set<String> names = new HashSet<>();
    private String bind = "127.0.0.1";
    private int port;
    private int maximumConnections = 256;
    @Nullable ThermaeMetrics metrics;
    @Nullable Purger purger;
    @Nullable Explains explains;

    private Builder(AdminToken token, StatusBoard board) {
      this.token = token;
      this.board = board;
    }

    /** The address to listen on; the loopback address unless set. */
    public Builder bind(String address) {
      bind = address;
      return this;
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** One more name that requests may call this host; addresses and localhost are known. */
    public Builder name(String host) {
      names.add(host);
      return this;
    }

    /** Connections at most; 256 unless set. */
    public Builder maximumConnections(int connections) {
      maximumConnections = connections;
      return this;
    }

    /** Answers {@code /metrics}; needs Micrometer's registry for Prometheus. */
    public Builder metrics(ThermaeMetrics source) {
      metrics = source;
      return this;
    }

    /** Answers purges. It stays the caller's. */
    public Builder purger(Purger takesBack) {
      purger = takesBack;
      return this;
    }

    /** Answers {@code /explain}. */
    public Builder explains(Explains source) {
      explains = source;
      return this;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when it cannot
     */
    public AdminServer start() throws IOException {
      AdminServer admin = new AdminServer(this);
      try {
        admin.server.start();
      } catch (Exception e) {
        admin.close();
        throw e instanceof IOException io ? io : new IOException(e.getMessage(), e);
      }
      return admin;
    }
  }
}
