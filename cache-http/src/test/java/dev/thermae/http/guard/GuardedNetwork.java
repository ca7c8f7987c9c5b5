package dev.thermae.http.guard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;

/** Guards in a network of the test's own, in which each address leads where the test says. */
public final class GuardedNetwork {
  private GuardedNetwork() {}

  /** A guard as it is, but for where the addresses lead that it lets through. */
  public static OriginGuard guard(
      OriginRules rules, Supplier<OkHttpClient> client, UnaryOperator<SocketAddress> network) {
    return new OriginGuard(rules, client, new GuardedSockets(network));
  }

  /** The judge of addresses alone, without one of origins before it. */
  public static OkHttpClient addressesOnly(
      OkHttpClient client, UnaryOperator<SocketAddress> network) {
    return client
        .newBuilder()
        .dns(new GuardedDns(client.dns()))
        .socketFactory(new GuardedSockets(network))
        .build();
  }

  /** Sockets that nobody guards. */
  public static SocketFactory open(UnaryOperator<SocketAddress> network) {
    return new OpenSockets(network);
  }

  private static final class OpenSockets extends SocketFactory {
    private final UnaryOperator<SocketAddress> network;

    OpenSockets(UnaryOperator<SocketAddress> network) {
      this.network = network;
    }

    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
          super.connect(network.apply(endpoint), timeoutMillis);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}
