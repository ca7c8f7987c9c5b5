package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection: what it waits for, and since when. Times are nanoseconds
 * of one clock that only goes forward. Thread-safe.
 */
final class ClientConnection {
  private final EndPoint endPoint;
  private @Nullable Connection http;
  private final List<WatchedStream> answering = new ArrayList<>(1);
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

  /** The answer is, too; {@code own} is what it went through, null where several share it. */
  synchronized void ended(WatchedStream stream, @Nullable Connection own) {
    answering.remove(stream);
    http = own;
    bytesAtRest = own == null ? 0 : own.getBytesIn();
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
