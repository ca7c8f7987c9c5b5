package dev.thermae.http.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Ends the connections of clients that send a head or a body, or take an answer, more slowly than
 * they may: Jetty's own timeout starts again with each byte. Looks at all of them twice a second.
 * Thread-safe.
 */
final class SlowClients extends Handler.Wrapper {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Map<EndPoint, ClientConnection> connections = new ConcurrentHashMap<>();
  private final LongAdder aborted = new LongAdder();
  private final long headNanos;
  private final long idleNanos;
  private final long graceNanos;
  private final long rate;
  private final LongSupplier clock;
  private volatile @Nullable Scheduler scheduler;

  SlowClients(ListenerSettings settings, LongSupplier clock, Handler next) {
    super(next);
    this.headNanos = settings.headTimeout.toNanos();
    this.idleNanos = settings.idleTimeout.toNanos();
    this.graceNanos = settings.graceTime.toNanos();
    this.rate = settings.minimumRate;
    this.clock = clock;
  }

  /** From now on, until it is stopped. */
  void start(Scheduler on) {
    scheduler = on;
    again();
  }

  private void again() {
    Scheduler on = scheduler;
    if (on != null && on.isRunning()) {
      on.schedule(this::look, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected void doStop() throws Exception {
    scheduler = null;
    super.doStop();
  }

  /** A client's connection was accepted. */
  void opened(EndPoint endPoint) {
    connections.put(endPoint, new ClientConnection(endPoint, clock.getAsLong()));
  }

  /** It is gone. */
  void closed(EndPoint endPoint) {
    connections.remove(endPoint);
  }

  /** How many connections were ended here. */
  long aborted() {
    return aborted.sum();
  }

  private void look() {
    try {
      sweep();
    } finally {
      again();
    }
  }

  /** Looks at all of them once. */
  void sweep() {
    long now = clock.getAsLong();
    for (ClientConnection connection : connections.values()) {
      long rest = connection.restTime(now);
      boolean slow = rate > 0 && connection.isOverdue(now, rate, graceNanos);
      if (slow || connection.headTime(now) > headNanos || rest > 2 * idleNanos) {
        abort(connection);
      } else if (rest > idleNanos) {
        connection.sayGoodbye();
      }
    }
  }

  private void abort(ClientConnection connection) {
    aborted.increment();
    connection.abort();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    ConnectionMetaData meta = request.getConnectionMetaData();
    Connection http = meta.getConnection();
    ClientConnection connection = connections.get(transport(http.getEndPoint()));
    if (connection != null) { // else it was closed meanwhile
      request.addHttpStreamWrapper(
          stream -> connection.began(new WatchedStream(stream, connection, http, clock)));
    }
    return super.handle(request, response, callback);
  }

  /** The connection below TLS. */
  private static EndPoint transport(EndPoint endPoint) {
    EndPoint below = endPoint;
    while (below instanceof EndPoint.Wrapper) {
      below = ((EndPoint.Wrapper) below).unwrap();
    }
    return below;
  }
}
