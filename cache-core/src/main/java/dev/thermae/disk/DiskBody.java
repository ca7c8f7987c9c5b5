package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.disk.DiskBodyReader.Digests;
import dev.thermae.store.BodyReader;
import dev.thermae.store.NewBody;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** A body in a temporary file; digests its 64 KiB chunks as they pass. */
final class DiskBody extends NewBody {
  private static final int FIRST_PIECES = 16;

  private final File temporary;
  private final OutputStream out;
  private final Seal seal;
  private final BodyRoom room;
  private final byte[] chunk = new byte[DiskEntry.CHUNK];
  private final DiskStore store;
  private byte[] digests;
  private volatile Digests readable;
  private int pieces;
  private int filled;
  private long length;
  private long written;
  private boolean taken;

  /** A body in a new temporary file; typed so that readers do not load this class. */
  static NewBody open(File temporaries, DiskStore store) throws IOException {
    return new DiskBody(Publisher.temporary(temporaries), store);
  }

  private DiskBody(File temporary, DiskStore store) throws IOException {
    this.room = new BodyRoom(store.room());
    this.temporary = temporary;
    this.out = Publisher.output(temporary);
    this.store = store;
    this.seal = store.seal();
    this.digests = new byte[FIRST_PIECES * seal.length()];
    this.readable = new Digests(0, digests);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    room.require(length + count);
    int at = offset;
    int end = offset + count;
    while (at < end) {
      int part = Math.min(end - at, chunk.length - filled);
      System.arraycopy(bytes, at, chunk, filled, part);
      filled += part;
      at += part;
      if (filled == chunk.length) {
        finishChunk();
      }
    }
    length += count;
  }

  private void finishChunk() throws IOException {
    room.growTo(written + filled);
    int at = pieces * seal.length();
    if (at == digests.length) {
      digests = Arrays.copyOf(digests, 2 * at); // those who read along keep the shorter one
    }
    seal.digest(chunk, 0, filled, digests, at);
    out.write(chunk, 0, filled);
    pieces++;
    written += filled;
    filled = 0;
    readable = new Digests(written, digests);
  }

  @Override
  public long length() {
    return length;
  }

  /** Finishes the file; from now on it belongs to the caller. */
  File take() throws IOException {
    if (filled > 0) {
      finishChunk();
    }
    out.close();
    room.shrinkTo(written);
    taken = true;
    return temporary;
  }

  /** The digests of all chunks, after {@link #take}. */
  byte[] digests() {
    return Arrays.copyOf(digests, pieces * seal.length());
  }

  @Override
  public BodyReader reader() throws IOException {
    return DiskBodyReader.open(temporary, store, () -> readable);
  }

  @Override
  public void close() throws IOException {
    if (!taken) {
      taken = true;
      try {
        out.close();
      } finally {
        if (Publisher.delete(temporary)) {
          room.shrinkTo(0); // who swept it has given it back
        }
      }
    }
  }
}
