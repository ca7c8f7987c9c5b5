package dev.thermae.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A body that is read piece by piece, so that it takes no more memory than one of them; every byte
 * is verified before it is handed out. For one thread at a time.
 */
public interface BodyReader extends AutoCloseable {
  /** A body that is in memory, whole and verified. */
  static BodyReader of(byte[] body) {
    ByteBuffer bytes = ByteBuffer.wrap(body).asReadOnlyBuffer();
    return new BodyReader() {
      @Override
      public long length() {
        return body.length;
      }

      @Override
      public ByteBuffer at(long position) {
        return bytes.slice((int) position, (int) Math.min(PIECE, body.length - position));
      }

      @Override
      public void close() {}
    };
  }

  /** The longest piece, in bytes. */
  int PIECE = 1 << 16;

  /** Bytes that can be read: all of a stored body, what has arrived of one under way. */
  long length();

  /**
   * The bytes from {@code position}, which is below {@link #length}, to the end of the piece that
   * it lies in: 1 to {@link #PIECE}. They stay as they are until the next call.
   *
   * @throws UnreadableBodyException when they are damaged or cannot be read
   * @throws IOException when the reader was closed, or its thread interrupted
   */
  ByteBuffer at(long position) throws IOException;

  @Override
  void close();
}
