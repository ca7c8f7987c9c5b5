package dev.thermae.disk;

import java.io.IOException;

/** The bytes reserved for one body whose length nobody knows yet. Not thread-safe. */
final class BodyRoom {
  private static final long LARGEST_STEP = 1 << 20;

  private final Room room;
  private long reserved;

  BodyRoom(Room room) {
    this.room = room;
  }

  /** Refuses a body that will have {@code length} bytes and more, where that is too much. */
  void require(long length) throws IOException {
    room.require(length);
  }

  /** Called before a body grows to {@code length}; the longer it is, the larger the steps. */
  void growTo(long length) throws IOException {
    long needed = room.blocks().of(length) - reserved;
    if (needed > 0) {
      long step = reserved == 0 ? needed : Math.max(needed, Math.min(reserved, LARGEST_STEP));
      room.reserve(step, 0, Room.SHORT_WAIT_MILLIS);
      reserved += step;
    }
  }

  /** The body is finished: what it does not take is given back. */
  void shrinkTo(long length) throws IOException {
    long taken = room.blocks().of(length);
    room.ledger().release(reserved - taken, 0);
    reserved = taken;
  }
}
