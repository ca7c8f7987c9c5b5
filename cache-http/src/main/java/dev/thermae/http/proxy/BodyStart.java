package dev.thermae.http.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a request's body, read as they come, while no thread waits for them: clients
 * that send slowly, however many, take nobody else's thread. Handed from thread to thread by
 * whoever is told that it is complete.
 */
final class BodyStart {
  /** Bodies shorter than this, in bytes, are complete before they are forwarded. */
  private static final int ENOUGH = 64 * 1024;

  private final Request request;
  private final Runnable complete;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean whole;
  private @Nullable Throwable failure;

  private BodyStart(Request request, Runnable complete) {
    this.request = request;
    this.complete = complete;
  }

  /** What is told when there is enough, or when there will not be more. */
  interface Reader {
    /** On any thread, which must not be blocked. */
    void read(BodyStart start);
  }

  /** Begins to read. */
  static void of(Request request, Reader reader) {
    BodyStart[] self = new BodyStart[1];
    self[0] = new BodyStart(request, () -> reader.read(self[0]));
    self[0].more();
  }

  private void more() {
    while (!whole && failure == null && bytes.size() < ENOUGH) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this::more);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failure = chunk.getFailure();
      } else {
        add(chunk);
      }
    }
    complete.run();
  }

  private void add(Content.Chunk chunk) {
    ByteBuffer some = chunk.getByteBuffer();
    byte[] copy = new byte[some.remaining()];
    some.get(copy);
    bytes.writeBytes(copy);
    whole = chunk.isLast();
    chunk.release();
  }

  /** Whether there is nothing after {@link #bytes}. */
  boolean isWhole() {
    return whole;
  }

  /**
   * The bytes.
   *
   * @throws IOException when the client failed before there were enough
   */
  byte[] bytes() throws IOException {
    Throwable cause = failure;
    if (cause != null) {
      throw cause instanceof IOException io ? io : new IOException(cause);
    }
    return bytes.toByteArray();
  }

  /** What comes after them; reading it blocks. */
  InputStream rest() {
    return Content.Source.asInputStream(request);
  }
}
