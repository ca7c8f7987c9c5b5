package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A body in gzip, decoded as it is read; one piece of it is in memory, however much it becomes. */
final class GzipPieces implements Pieces {
  private final Pieces packed;
  private final int maximumRatio;
  private final GzipDecoder decoder = new GzipDecoder();
  private final byte[] out = new byte[BodyReader.PIECE];
  private ByteBuffer in = ByteBuffer.allocate(0);
  private boolean closed;
  private long read;
  private long decoded;

  /**
   * From its first byte.
   *
   * @param maximumRatio times of what was read that it may become
   */
  GzipPieces(Pieces packed, int maximumRatio) {
    this.packed = packed;
    this.maximumRatio = maximumRatio;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    while (true) {
      int count = decoder.decode(in, out);
      if (count > 0) {
        decoded += count;
        if (decoded > ContentCoding.expansion(read, maximumRatio)) {
          throw new ZipException(
              read + " bytes decode to more than " + maximumRatio + " times that");
        }
        return ByteBuffer.wrap(out, 0, count).slice();
      }
      ByteBuffer more = packed.next();
      if (more == null) {
        decoder.requireEnd();
      }
      if (more == null || !more.hasRemaining()) {
        return more;
      }
      in = more;
      read += more.remaining();
    }
  }

  @Override
  public void whenMore(Runnable then) {
    packed.whenMore(then);
  }

  @Override
  public boolean isWaiting() {
    return packed.isWaiting();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      decoder.close();
      packed.close();
    }
  }
}
