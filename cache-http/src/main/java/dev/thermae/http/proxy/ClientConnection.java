package dev.thermae.http.proxy;

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
  private int answering;
  private long bytesAtRest;
  private long headSince;
  private boolean headBegun = true; // a new connection owes its first head

  ClientConnection(EndPoint endPoint, long now) {
    this.endPoint = endPoint;
    this.headSince = now;
  }

  /** A head is complete. */
  synchronized void began() {
    answering++;
    headBegun = false;
  }

  /** The answer is, too; {@code http} is what it went through, null where several share it. */
  synchronized void ended(@Nullable Connection http) {
    answering--;
    this.http = http;
    bytesAtRest = http == null ? 0 : http.getBytesIn();
  }

  /** How long the client has been at its head, in nanoseconds; 0 where it is not. */
  synchronized long headTime(long now) {
    Connection known = http;
    if (answering > 0) {
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
