package dev.thermae.http.proxy;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;

/** A request and its answer, with the time that the client takes for both. Thread-safe. */
final class WatchedStream extends HttpStream.Wrapper {
  private final ClientConnection connection;
  private final Connection http;
  private final LongSupplier clock;
  private final Transfer in;
  private final Transfer out;

  /**
   * From now on, until the stream is completed.
   *
   * @param http the connection of HTTP, which several streams may share
   */
  WatchedStream(
      HttpStream stream, ClientConnection connection, Connection http, LongSupplier clock) {
    super(stream);
    this.connection = connection;
    this.http = http;
    this.clock = clock;
    this.in = new Transfer(clock);
    this.out = new Transfer(clock);
  }

  /** Whether the client is slower than it may be. */
  boolean isOverdue(long now, long bytesPerSecond, long grace) {
    return in.isOverdue(now, bytesPerSecond, grace) || out.isOverdue(now, bytesPerSecond, grace);
  }

  @Override
  public Content.Chunk read() {
    Content.Chunk chunk = super.read();
    in.ends(chunk == null ? 0 : chunk.remaining());
    return chunk;
  }

  @Override
  public void demand() {
    in.begins(0);
    in.waits();
    super.demand();
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.Response response,
      boolean last,
      ByteBuffer content,
      Callback callback) {
    out.begins(content == null ? 0 : content.remaining());
    super.send(request, response, last, content, new Sent(callback));
    out.waits();
  }

  /** Whoever is told that it was sent is told after us. */
  private final class Sent extends Callback.Nested {
    Sent(Callback callback) {
      super(callback);
    }

    @Override
    public void succeeded() {
      out.ends(0);
      super.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
      out.ends(0);
      super.failed(failure);
    }
  }

  @Override
  public void succeeded() {
    connection.ended(this, http, clock);
    super.succeeded();
  }

  @Override
  public void failed(Throwable failure) {
    connection.ended(this, http, clock);
    super.failed(failure);
  }
}
