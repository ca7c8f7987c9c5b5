package dev.thermae.http.resource;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * Decodes br (RFC 7932) with org.brotli:dec, which is optional and loaded when br is first met. Its
 * window is at most 16 MiB, and it is read as it expands, so that limits hold before anything large
 * is allocated.
 */
final class Brotli {
  private Brotli() {}

  /** Whether the library is there. */
  static boolean isAvailable() {
    return Presence.IS_THERE;
  }

  /** The decoded data; reading damaged or truncated data throws an IOException. */
  static InputStream open(InputStream coded) throws IOException {
    try {
      return new Checked(coded);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private static IOException damaged(RuntimeException fault) {
    return new IOException("damaged", fault);
  }

  /**
   * The one class that knows the library, so that the others can be verified without it. A decoder
   * as old as this one may answer damage with something else than an IOException.
   */
  private static final class Checked extends FilterInputStream {
    Checked(InputStream coded) throws IOException {
      super(new BrotliInputStream(coded));
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (RuntimeException e) {
        throw damaged(e);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (RuntimeException e) {
        throw damaged(e);
      }
    }
  }

  /** Looked for once. */
  private static final class Presence {
    static final boolean IS_THERE = look();

    private static boolean look() {
      try {
        Class.forName("org.brotli.dec.BrotliInputStream", false, Brotli.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException | LinkageError e) {
        return false;
      }
    }
  }
}
