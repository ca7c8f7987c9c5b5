package dev.thermae.http.guard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that connect to no special address, whoever resolved it and however it was written: a
 * literal is never resolved by the client's {@code Dns}. Thread-safe.
 */
final class GuardedSockets extends SocketFactory {
  private final UnaryOperator<SocketAddress> network;

  GuardedSockets() {
    this(UnaryOperator.identity());
  }

  /** {@code network} says where an address leads that was let through. */
  GuardedSockets(UnaryOperator<SocketAddress> network) {
    this.network = network;
  }

  @Override
  public Socket createSocket() {
    return new Guarded(network);
  }

  /** Where a socket would be bound says nothing about where it leads. */
  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  private Socket connected(InetSocketAddress to, @Nullable SocketAddress from) throws IOException {
    Socket socket = createSocket();
    try {
      socket.bind(from);
      socket.connect(to);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static final class Guarded extends Socket {
    private final UnaryOperator<SocketAddress> network;

    Guarded(UnaryOperator<SocketAddress> network) {
      this.network = network;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
      InetAddress address = endpoint instanceof InetSocketAddress net ? net.getAddress() : null;
      if (address == null || SpecialAddresses.nameOf(address) != null) {
        throw new RefusedException("the address is not on the public internet");
      }
      super.connect(network.apply(endpoint), timeoutMillis);
    }
  }
}
