package dev.thermae.disk;

import dev.thermae.code.Seal;
import dev.thermae.store.NewBody;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;

/** A body in a temporary file; digests its 64 KiB chunks as they pass. */
final class DiskBody extends NewBody {
  private final File temporary;
  private final OutputStream out;
  private final Seal seal;
  private final BodyRoom room;
  private final byte[] chunk = new byte[DiskEntry.CHUNK];
  private final ByteArrayOutputStream digests = new ByteArrayOutputStream();
  private int filled;
  private long length;
  private long written;
  private boolean taken;

  /** A body in a new temporary file; typed so that readers do not load this class. */
  static NewBody open(File temporaries, Seal seal, Room room) throws IOException {
    return new DiskBody(Publisher.temporary(temporaries), seal, new BodyRoom(room));
  }

  private DiskBody(File temporary, Seal seal, BodyRoom room) throws IOException {
    this.room = room;
    this.temporary = temporary;
    this.out = Publisher.output(temporary);
    this.seal = seal;
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
    byte[] digest = new byte[seal.length()];
    seal.digest(chunk, 0, filled, digest, 0);
    digests.writeBytes(digest);
    written += filled;
    room.growTo(written);
    out.write(chunk, 0, filled);
    filled = 0;
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
    return digests.toByteArray();
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
