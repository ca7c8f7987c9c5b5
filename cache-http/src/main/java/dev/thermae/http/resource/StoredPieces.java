package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A part of a stored body. */
final class StoredPieces implements Pieces {
  private final BodyReader reader;
  private final long to;
  private long position;

  /** From {@code from} to before {@code to}, or the end. */
  StoredPieces(BodyReader reader, long from, long to) {
    this.reader = reader;
    this.position = from;
    this.to = Math.min(to, reader.length());
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    if (position >= to) {
      return null;
    }
    ByteBuffer bytes = cut(reader.at(position), to - position);
    position += bytes.remaining();
    return bytes;
  }

  /** No more than {@code count} of them. */
  static ByteBuffer cut(ByteBuffer bytes, long count) {
    return bytes.remaining() <= count ? bytes : bytes.slice(bytes.position(), (int) count);
  }

  @Override
  public void whenMore(Runnable then) {
    then.run();
  }

  @Override
  public boolean isWaiting() {
    return false;
  }

  @Override
  public void close() {
    reader.close();
  }
}
