package dev.thermae.http.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The port: HTTP/1.1 and HTTP/2, in clear text or by TLS, with a limit to the connections of one
 * address. Thread-safe.
 */
final class DataConnector extends ServerConnector {
  private static final int STREAMS = 128;

  /** Encoded slashes and percent signs stay; {@link TargetForm} refuses those that hide dots. */
  private static final UriCompliance KEPT_AS_WRITTEN =
      UriCompliance.DEFAULT.with(
          "thermae",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING);

  private final SlowClients clients;
  private final int perAddress;
  private final Map<EndPoint, InetAddress> counted = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

  private DataConnector(Server server, ListenerSettings settings, SlowClients clients)
      throws IOException {
    super(server, null, null, null, 1, -1, protocols(settings));
    this.clients = clients;
    this.perAddress = settings.maximumConnectionsPerAddress;
  }

  /**
   * Not started yet.
   *
   * @throws IOException when certificate or key cannot be used
   */
  static DataConnector of(Server server, ListenerSettings settings, SlowClients clients)
      throws IOException {
    DataConnector listener = new DataConnector(server, settings, clients);
    listener.setHost(settings.bind);
    listener.setPort(settings.port);
    listener.setReusePort(settings.sharedPort);
    listener.setIdleTimeout(settings.idleTimeout.toMillis());
    listener.setShutdownIdleTimeout(Math.max(1, settings.stopTimeout.toMillis() / 10));
    listener.setAcceptedTcpNoDelay(true);
    return listener;
  }

  private static ConnectionFactory[] protocols(ListenerSettings settings) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setHttpCompliance(HttpCompliance.STRICT);
    http.setUriCompliance(KEPT_AS_WRITTEN);
    http.setRequestHeaderSize(settings.maximumHeaderBytes);
    http.setResponseHeaderSize(2 * settings.maximumHeaderBytes);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    HttpConnectionFactory one = new EitherOne(http);
    TlsFiles tls = settings.tls;
    List<ConnectionFactory> all = new ArrayList<>();
    if (tls == null) {
      all.add(one);
      all.add(limited(new PriorKnowledge(http), settings));
    } else {
      http.addCustomizer(new SecureRequestCustomizer(false)); // no check of SNI: one certificate
      HTTP2ServerConnectionFactory two = new HTTP2ServerConnectionFactory(http);
      ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
      choice.setDefaultProtocol(one.getProtocol());
      all.add(new SslConnectionFactory(context(tls), choice.getProtocol()));
      all.add(choice);
      all.add(limited(two, settings));
      all.add(one);
    }
    return all.toArray(new ConnectionFactory[0]);
  }

  private static ConnectionFactory limited(
      AbstractHTTP2ServerConnectionFactory two, ListenerSettings settings) {
    two.setMaxConcurrentStreams(STREAMS);
    two.setMaxHeaderBlockFragment(settings.maximumHeaderBytes);
    two.setStreamIdleTimeout(settings.idleTimeout.toMillis());
    return two;
  }

  private static SslContextFactory.Server context(TlsFiles tls) throws IOException {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setKeyStore(tls.keyStore());
    context.setKeyStorePassword("");
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    context.setSniRequired(false);
    return context;
  }

  /** {@code http} or {@code https}. */
  String scheme() {
    return getConnectionFactory(SslConnectionFactory.class) == null ? "http" : "https";
  }

  @Override
  protected void onEndPointOpened(EndPoint endPoint) {
    super.onEndPointOpened(endPoint);
    clients.opened(endPoint);
    InetAddress address = perAddress > 0 ? address(endPoint) : null;
    if (address != null) {
      counted.put(endPoint, address); // a closed one does not know it any more
      if (open.merge(address, 1, Integer::sum) > perAddress) {
        endPoint.close();
      }
    }
  }

  @Override
  protected void onEndPointClosed(EndPoint endPoint) {
    clients.closed(endPoint);
    InetAddress address = counted.remove(endPoint);
    if (address != null) {
      open.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
    super.onEndPointClosed(endPoint);
  }

  private static @Nullable InetAddress address(EndPoint endPoint) {
    SocketAddress remote = endPoint.getRemoteSocketAddress();
    return remote instanceof InetSocketAddress ? ((InetSocketAddress) remote).getAddress() : null;
  }

  /** Clients of HTTP/1.0 name it in ALPN, and one who names nothing we know is turned away. */
  private static final class EitherOne extends HttpConnectionFactory {
    EitherOne(HttpConfiguration http) {
      super(http);
    }

    @Override
    public List<String> getProtocols() {
      return List.of(getProtocol(), HttpVersion.HTTP_1_0.asString());
    }
  }

  /**
   * HTTP/2 in clear text for those that begin with it. An upgrade from HTTP/1.1 is ignored: it is
   * obsolete (RFC 9113 section 3.1), and a way past other proxies that hand it on.
   */
  private static final class PriorKnowledge extends HTTP2CServerConnectionFactory {
    PriorKnowledge(HttpConfiguration http) {
      super(http);
    }

    @Override
    public @Nullable Connection upgradeConnection(
        Connector connector,
        EndPoint endPoint,
        MetaData.Request request,
        HttpFields.Mutable response) {
      boolean preface = HttpMethod.PRI.is(request.getMethod());
      return preface ? super.upgradeConnection(connector, endPoint, request, response) : null;
    }
  }
}
