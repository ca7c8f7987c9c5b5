package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection: what it waits for, and since when. Times are nanoseconds
 * of one clock that only goes forward. Thread-safe.
 */
final class ClientConnection {
  private final EndPoint endPoint;
  private @Nullable Connection http;
  private @Nullable HTTP2Session shared;
  private final List<WatchedStream> answering = new ArrayList<>(1);
  private long restSince;
  private long bytesAtRest;
  private long headSince;
  private boolean headBegun = true; // a new connection owes its first head

  ClientConnection(EndPoint endPoint, long now) {
    this.endPoint = endPoint;
    this.headSince = now;
  }

  /** A head is complete: {@code stream} is its request and its answer. */
  synchronized WatchedStream began(WatchedStream stream) {
    answering.add(stream);
    headBegun = false;
    return stream;
  }

  /** The answer is, too; {@code by} is what it went through. */
  synchronized void ended(WatchedStream stream, Connection by, LongSupplier clock) {
    answering.remove(stream);
    if (by instanceof HTTP2Connection two) {
      shared = two.getSession();
      restSince = clock.getAsLong();
    } else {
      http = by;
      bytesAtRest = by.getBytesIn();
    }
  }

  /**
   * How long an HTTP/2 client has asked for nothing, in nanoseconds. Its pings keep Jetty from
   * taking it for idle, and would keep the connection for ever.
   */
  synchronized long restTime(long now) {
    return shared == null || !answering.isEmpty() ? 0 : Math.max(0, now - restSince);
  }

  /** Says goodbye to an HTTP/2 client, which may ask elsewhere for what we did not see. */
  void sayGoodbye() {
    HTTP2Session session;
    synchronized (this) {
      session = shared;
    }
    if (session != null) {
      session.close(ErrorCode.NO_ERROR.code, "idle", Callback.NOOP);
    }
  }

  /** Whether the client is slower than it may be with one of those under way. */
  synchronized boolean isOverdue(long now, long bytesPerSecond, long grace) {
    for (WatchedStream stream : answering) {
      if (stream.isOverdue(now, bytesPerSecond, grace)) {
        return true;
      }
    }
    return false;
  }

  /** How long the client has been at its head, in nanoseconds; 0 where it is not. */
  synchronized long headTime(long now) {
    Connection known = http;
    if (!answering.isEmpty()) {
      return 0;
    }
    if (!headBegun && known != null && known.getBytesIn() > bytesAtRest) {
      headBegun = true;
      headSince = now;
    }
    return headBegun ? Math.max(0, now - headSince) : 0;
  }

  /** Ends it, whatever is under way. */
  void abort() {
    endPoint.close();
  }
}
