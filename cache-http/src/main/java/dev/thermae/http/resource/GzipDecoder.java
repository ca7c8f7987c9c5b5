package dev.thermae.http.resource;

import java.io.Closeable;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Undoes gzip (RFC 1952) as its bytes come: the JDK's own reader waits for them. One member after
 * the other; what comes after the last is ignored. For one thread at a time.
 */
final class GzipDecoder implements Closeable {
  private static final int[] MAGIC = {0x1f, 0x8b, 8};
  private static final int FIXED_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int CHECKED = 2;
  private static final int EXTRA = 4;
  private static final int NAMED = 8;
  private static final int COMMENTED = 16;

  /** Parts of a member, in their order. */
  private enum Part {
    FIXED,
    EXTRA_LENGTH,
    EXTRA_BYTES,
    NAME,
    COMMENT,
    CHECK,
    DATA,
    TRAILER,
    PAST_THE_END
  }

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private Part part = Part.FIXED;
  private int at;
  private int flags;
  private int extra;
  private long trailer;
  private boolean anyMember;

  /**
   * Decodes some of {@code in}, or what is left of what came before.
   *
   * @return bytes now in {@code out}; 0 when all of {@code in} is used up
   * @throws ZipException when it is no gzip, or damaged
   */
  int decode(ByteBuffer in, byte[] out) throws ZipException {
    while (true) {
      int count = part == Part.DATA ? inflate(in, out) : 0;
      if (count > 0) {
        return count;
      }
      if (!in.hasRemaining()) {
        return 0;
      }
      if (part == Part.PAST_THE_END) {
        in.position(in.limit());
      } else if (part != Part.DATA) {
        take(in.get() & 0xff);
      }
    }
  }

  /** To be asked at the end of the bytes. */
  void requireEnd() throws EOFException {
    boolean between = part == Part.FIXED && at == 0 && anyMember;
    if (!between && part != Part.PAST_THE_END) {
      throw new EOFException("gzip ends in its " + part);
    }
  }

  private int inflate(ByteBuffer in, byte[] out) throws ZipException {
    try {
      if (inflater.needsInput() && in.hasRemaining()) {
        inflater.setInput(in);
      }
      int count = inflater.inflate(out);
      crc.update(out, 0, count);
      if (inflater.finished()) {
        go(Part.TRAILER);
      } else if (inflater.needsDictionary()) {
        throw new ZipException("gzip with a dictionary");
      }
      return count;
    } catch (DataFormatException e) {
      throw (ZipException) new ZipException("bad gzip data: " + e.getMessage()).initCause(e);
    }
  }

  private void go(Part next) {
    part = next;
    at = 0;
  }

  private void take(int octet) throws ZipException {
    int index = at++;
    switch (part) {
      case FIXED -> fixed(index, octet);
      case EXTRA_LENGTH -> {
        extra = index == 0 ? octet : extra | octet << 8;
        if (index == 1) {
          go(extra == 0 ? after(Part.EXTRA_BYTES) : Part.EXTRA_BYTES);
        }
      }
      case EXTRA_BYTES -> {
        if (at == extra) {
          go(after(part));
        }
      }
      case NAME, COMMENT -> {
        if (octet == 0) {
          go(after(part));
        }
      }
      case CHECK -> {
        if (index == 1) {
          go(Part.DATA);
        }
      }
      case TRAILER -> trailer(index, octet);
      default -> throw new IllegalStateException(part.toString());
    }
  }

  private void fixed(int index, int octet) throws ZipException {
    if (index < MAGIC.length && octet != MAGIC[index]) {
      if (!anyMember) {
        throw new ZipException("no gzip");
      }
      go(Part.PAST_THE_END);
      return;
    }
    flags = index == MAGIC.length ? octet : flags;
    if (at == FIXED_BYTES) {
      go(after(Part.FIXED));
    }
  }

  /** The next part that there is. */
  private Part after(Part done) {
    if (done.compareTo(Part.EXTRA_LENGTH) < 0 && (flags & EXTRA) != 0) {
      return Part.EXTRA_LENGTH;
    } else if (done.compareTo(Part.NAME) < 0 && (flags & NAMED) != 0) {
      return Part.NAME;
    } else if (done.compareTo(Part.COMMENT) < 0 && (flags & COMMENTED) != 0) {
      return Part.COMMENT;
    }
    return (flags & CHECKED) != 0 ? Part.CHECK : Part.DATA;
  }

  /** Checksum and length, both of 32 bits, the lowest byte first. */
  private void trailer(int index, int octet) throws ZipException {
    trailer = (index == 0 ? 0 : trailer) | (long) octet << 8 * index;
    if (at < TRAILER_BYTES) {
      return;
    }
    if (trailer != (crc.getValue() | inflater.getBytesWritten() << 32)) {
      throw new ZipException("gzip with another checksum or length");
    }
    inflater.reset();
    crc.reset();
    anyMember = true;
    go(Part.FIXED);
  }

  /** Gives the memory of the JDK's decoder back. */
  @Override
  public void close() {
    inflater.end();
  }
}
