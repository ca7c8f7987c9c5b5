package dev.thermae.http.proxy;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A request and its answer, with the time that the client takes for both. Thread-safe. */
final class WatchedExchange extends Request.Wrapper {
  private final ClientConnection connection;
  private final LongSupplier clock;
  private final Transfer in = new Transfer();
  private final Transfer out = new Transfer();

  WatchedExchange(Request request, ClientConnection connection, LongSupplier clock) {
    super(request);
    this.connection = connection;
    this.clock = clock;
  }

  ClientConnection connection() {
    return connection;
  }

  /** Whether the client is slower than it may be. */
  boolean isOverdue(long now, long bytesPerSecond, long grace) {
    return in.isOverdue(now, bytesPerSecond, grace) || out.isOverdue(now, bytesPerSecond, grace);
  }

  @Override
  public Content.Chunk read() {
    Content.Chunk chunk = super.read();
    if (chunk != null) {
      in.add(chunk.remaining());
    }
    return chunk;
  }

  @Override
  public void demand(Runnable callback) {
    in.waits(clock.getAsLong());
    super.demand(
        () -> {
          in.goesOn(clock.getAsLong());
          callback.run();
        });
  }

  /** The answer, with its writes watched. */
  Response watch(Response response) {
    return new Response.Wrapper(this, response) {
      @Override
      public void write(boolean last, ByteBuffer content, Callback callback) {
        out.add(content == null ? 0 : content.remaining());
        out.waits(clock.getAsLong());
        super.write(last, content, Callback.from(() -> out.goesOn(clock.getAsLong()), callback));
      }
    };
  }
}
