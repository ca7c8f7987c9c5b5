package dev.thermae.http.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy listens, and what it puts up with from its clients. Every setter gives the settings
 * back. Not thread-safe.
 *
 * <p>What each limit is for: a client that sends its head or body byte by byte, reads its answer as
 * slowly, or opens connections by the thousand holds things that others need. Such a client loses
 * its connection; the others notice nothing.
 */
public final class ListenerSettings {
  String bind = "127.0.0.1";
  int port;
  boolean sharedPort;
  @Nullable TlsFiles tls;
  int maximumHeaderBytes = 8 * 1024;
  int maximumConnections = 8192;
  int maximumConnectionsPerAddress;
  Duration idleTimeout = Duration.ofSeconds(30);
  Duration headTimeout = Duration.ofSeconds(20);
  Duration graceTime = Duration.ofSeconds(10);
  long minimumRate = 512;
  Duration stopTimeout = Duration.ofSeconds(10);

  /** The defaults of each setter. */
  public ListenerSettings() {}

  /** The address to listen on, a name or a number; the loopback address unless set. */
  public ListenerSettings bind(String address) {
    bind = address;
    return this;
  }

  /** The port to listen on, 0 to 65,535; 0, the default, takes any free one. */
  public ListenerSettings port(int number) {
    if (number < 0 || number > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535: " + number);
    }
    port = number;
    return this;
  }

  /**
   * Whether other processes of the same user may listen on the same port ({@code SO_REUSEPORT}), so
   * that a new one can take over before the old one ends; false unless set.
   */
  public ListenerSettings sharedPort(boolean isShared) {
    sharedPort = isShared;
    return this;
  }

  /** Speaks TLS, HTTP/2 or HTTP/1.1 as the client chooses; clear text unless set. */
  public ListenerSettings tls(TlsFiles files) {
    tls = files;
    return this;
  }

  /** Bytes that the head of a request may have, 1,024 to 1,048,576; 8,192 unless set. */
  public ListenerSettings maximumHeaderBytes(int bytes) {
    maximumHeaderBytes = between(bytes, 1024, 1 << 20, "bytes of a head");
    return this;
  }

  /** Connections at most, 1 and more; 8,192 unless set. More wait to be accepted. */
  public ListenerSettings maximumConnections(int connections) {
    maximumConnections = between(connections, 1, Integer.MAX_VALUE, "connections");
    return this;
  }

  /**
   * Connections that one address may have open, 0 for any number, which is the default: behind a
   * load balancer all have the same one. What is beyond is closed at once.
   */
  public ListenerSettings maximumConnectionsPerAddress(int connections) {
    maximumConnectionsPerAddress =
        between(connections, 0, Integer.MAX_VALUE, "connections of an address");
    return this;
  }

  /** How long a connection may be silent; 30 s unless set. */
  public ListenerSettings idleTimeout(Duration limit) {
    idleTimeout = positive(limit, "the idle timeout");
    return this;
  }

  /**
   * How long the head of a request may take, from its first byte to its last, TLS handshake
   * included; 20 s unless set. Also how long a new connection may wait with its first request.
   */
  public ListenerSettings headTimeout(Duration limit) {
    headTimeout = positive(limit, "the time for a head");
    return this;
  }

  /**
   * Bytes that a client has to send of a body, or take of an answer, for each second that it is
   * waited for beyond {@code grace}; 512 after 10 s unless set, 0 for any.
   */
  public ListenerSettings minimumRate(long bytesPerSecond, Duration grace) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate is not negative: " + bytesPerSecond);
    }
    minimumRate = bytesPerSecond;
    graceTime = positive(grace, "the grace time");
    return this;
  }

  /** How long requests under way may take when the proxy is closed; 10 s unless set. */
  public ListenerSettings stopTimeout(Duration limit) {
    stopTimeout = positive(limit, "the stop timeout");
    return this;
  }

  private static int between(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + ": " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  private static Duration positive(Duration limit, String what) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException(what + " is longer than nothing: " + limit);
    }
    return limit;
  }
}
