package dev.thermae.http.resource;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/** A body too long to be held, on its way from the origin. For one thread at a time. */
final class Arriving implements Closeable {
  private final InputStream in;
  private final long announced;
  private final Closeable connection;
  private final CallLimit limit;
  private long count;

  /**
   * A body from its first byte.
   *
   * @param announced its length in bytes; negative when nobody said
   * @param connection closed with it
   * @param limit how long the bytes of one {@link #read} may take
   */
  Arriving(InputStream in, long announced, Closeable connection, CallLimit limit) {
    this.in = in;
    this.announced = announced;
    this.connection = connection;
    this.limit = limit;
  }

  long announced() {
    return announced;
  }

  /**
   * Reads until {@code piece} is full, or what has arrived where that is enough.
   *
   * @return how many bytes; fewer than would fit, and 0 at the latest the next time, at the end
   * @throws IOException when the network failed, or the body is not as long as announced
   */
  int read(byte[] piece, boolean full) throws IOException {
    int length = piece.length;
    int read =
        limit.within(
            () -> full ? in.readNBytes(piece, 0, length) : Math.max(0, in.read(piece, 0, length)));
    count += read;
    if (read == 0 && announced >= 0 && announced != count) {
      throw new ProtocolException(
          "the body has " + count + " bytes, Content-Length says " + announced);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
