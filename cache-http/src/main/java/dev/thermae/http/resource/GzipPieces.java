package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body in gzip, decoded as it is read; one piece of it is in memory, however much it becomes. */
final class GzipPieces implements Pieces {
  private final Pieces packed;
  private final GzipDecoder decoder = new GzipDecoder();
  private final byte[] out = new byte[BodyReader.PIECE];
  private ByteBuffer in = ByteBuffer.allocate(0);
  private boolean closed;

  /** From its first byte. */
  GzipPieces(Pieces packed) {
    this.packed = packed;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    while (true) {
      int count = decoder.decode(in, out);
      if (count > 0) {
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
