package dev.thermae.http.resource;

import dev.thermae.code.SourceHasher;
import dev.thermae.store.BodyReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds of a body that passes what {@link Heads.SourceText} finds of one that is held, so that it
 * can be compiled later, up to a length. For one thread.
 */
final class PassingText implements Closeable {
  /** So many bytes tell a byte order mark. */
  private static final int MARK = 3;

  private final HeaderList headers;
  private final @Nullable GzipDecoder gzip;
  private final byte[] decoded;
  private byte[] start = new byte[0];
  private @Nullable Charset charset;
  private @Nullable SourceHasher hasher;
  private long length;
  private boolean none;

  /** For the response of these fields, of which nothing came yet. */
  PassingText(Metadata response) {
    this.headers = response.headers();
    List<String> codings = ContentCoding.codings(headers);
    boolean isGzip = codings.equals(List.of("gzip")) || codings.equals(List.of("x-gzip"));
    this.none = !Heads.SourceText.isText(response) || !codings.isEmpty() && !isGzip;
    this.gzip = isGzip && !none ? new GzipDecoder() : null;
    this.decoded = gzip == null ? start : new byte[BodyReader.PIECE];
  }

  /** Takes the next bytes of the body. */
  void add(byte[] piece, int count) {
    if (none) {
      return;
    }
    if (gzip == null) {
      text(piece, count);
      return;
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(piece, 0, count);
      for (int n = gzip.decode(in, decoded); n > 0 && !none; n = gzip.decode(in, decoded)) {
        text(decoded, n);
      }
    } catch (IOException e) {
      none = true; // whoever asks for the source is told
    }
  }

  private void text(byte[] bytes, int count) {
    length += count;
    none = length > LongBody.LONGEST_SOURCE;
    SourceHasher known = hasher;
    if (known == null) {
      int before = start.length;
      start = Arrays.copyOf(start, before + count);
      System.arraycopy(bytes, 0, start, before, count);
      if (start.length >= MARK) {
        begin();
      }
    } else {
      known.add(bytes, 0, count);
    }
  }

  private SourceHasher begin() {
    Charset found = Charsets.of(start, headers);
    SourceHasher begun = new SourceHasher(found);
    begun.add(start, 0, start.length);
    charset = found;
    hasher = begun;
    start = new byte[0];
    return begun;
  }

  /** What all of them are; null where nobody compiles that. */
  Heads.@Nullable SourceText end() {
    try {
      if (gzip != null && !none) {
        gzip.requireEnd();
      }
    } catch (IOException e) {
      none = true;
    }
    if (none) {
      return null;
    }
    SourceHasher known = hasher == null ? begin() : hasher;
    Charset found = charset;
    return found == null ? null : new Heads.SourceText(found, known.hash());
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
    }
  }
}
