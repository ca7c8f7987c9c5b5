package dev.thermae.disk;

import dev.thermae.code.Generation;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NoRoomException;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Where writers get their bytes from: reserved before they are written, given back when a file goes
 * away. Whoever finds no room has it made by another thread, and waits a bounded time. Thread-safe.
 */
final class Room {
  /** For what a caller may be waiting for. */
  static final long SHORT_WAIT_MILLIS = 100;

  /** For what is written in the background. */
  static final long LONG_WAIT_MILLIS = 2_000;

  private static final long FIRST_PAUSE_NANOS = 500_000;
  private static final long LONGEST_PAUSE_NANOS = 10_000_000;

  /** Nothing may take a larger share of the limit: everything else would have to go for it. */
  private static final int LARGEST_SHARE = 4;

  private final DiskStore store;
  private final Ledger ledger;
  private final Blocks blocks;
  private final TimeSource time;
  private final AtomicBoolean told = new AtomicBoolean();

  Room(DiskStore store, Ledger ledger, Blocks blocks, TimeSource time) {
    this.store = store;
    this.ledger = ledger;
    this.blocks = blocks;
    this.time = time;
  }

  Blocks blocks() {
    return blocks;
  }

  Ledger ledger() {
    return ledger;
  }

  /**
   * Reserves.
   *
   * @throws NoRoomException when there was none within {@code waitMillis}
   */
  void reserve(long bytes, long entries, long waitMillis) throws IOException {
    if (!fits(bytes)) {
      throw tooLarge(bytes);
    }
    if (!ledger.reserve(bytes, entries)) {
      await(bytes, entries, waitMillis);
    }
    if (ledger.isDue()) {
      store.caretaker().wantRoom(0);
    }
  }

  private boolean fits(long bytes) {
    return bytes <= store.options().maximumBytes() / LARGEST_SHARE;
  }

  private static NoRoomException tooLarge(long bytes) {
    return new NoRoomException(bytes + " bytes are more than a quarter of what a folder may take");
  }

  /** Refuses a body or code that is too large for the folder; the user is told of the first one. */
  void require(long bytes) throws NoRoomException {
    if (fits(bytes)) {
      return;
    }
    store.counters().onOversized();
    if (told.compareAndSet(false, true)) {
      store
          .counters()
          .onWarning(
              store.root().getParent()
                  + " does not keep what takes "
                  + bytes
                  + " bytes: nothing may take more than a quarter of its maximumBytes, which is "
                  + store.options().maximumBytes()
                  + "; such scripts are fetched and compiled each time. Set maximumBytes to "
                  + LARGEST_SHARE * bytes
                  + " or more (further ones are only counted)");
    }
    throw tooLarge(bytes);
  }

  private void await(long bytes, long entries, long waitMillis) throws IOException {
    long end = time.nanos() + waitMillis * 1_000_000;
    boolean interrupted = false;
    try {
      long pause = FIRST_PAUSE_NANOS;
      do {
        store.caretaker().wantRoom(bytes);
        interrupted |= Thread.interrupted();
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        if (ledger.reserve(bytes, entries)) {
          return;
        }
      } while (time.nanos() - end < 0);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    throw new NoRoomException("no room for " + bytes + " bytes within " + waitMillis + " ms");
  }

  /** Publishes {@code bytes} as {@code target}, counted. */
  void publish(File target, byte[] bytes, long entries, long waitMillis) throws IOException {
    File folder = target.getParentFile();
    long needed = blocks.of(bytes.length) + blocks.ofMissing(folder);
    require(needed);
    reserve(needed, entries, waitMillis);
    long old = target.length();
    long folderBefore = folder.length();
    boolean published = false;
    try {
      Publisher.publish(store.temporaries(), target, bytes, store.options().durability());
      published = true;
    } finally {
      ledger.release(published ? blocks.of(old) : needed, published ? 0 : entries);
    }
    chargeGrowth(folder, folderBefore);
  }

  /** Renames a finished file, counted already; one that finds no place is given back. */
  void move(File temporary, File target) throws IOException {
    File folder = target.getParentFile();
    long length = temporary.length();
    long before = folder.length();
    ledger.charge(blocks.ofMissing(folder));
    boolean moved = false;
    try {
      Publisher.publish(temporary, target, store.options().durability());
      moved = true;
    } finally {
      if (!moved) {
        ledger.release(blocks.of(length) + blocks.ofMissing(folder), 0);
      }
    }
    chargeGrowth(folder, before);
  }

  /** A folder that grew, by names, takes more; one that was not there is counted already. */
  private void chargeGrowth(File folder, long before) {
    if (before > 0) {
      ledger.charge(Math.max(0, blocks.ofFolder(folder.length()) - blocks.ofFolder(before)));
    }
  }

  /** Deletes a file that may be gone already; what it took is free. */
  void delete(File file) throws IOException {
    long length = file.length();
    if (Publisher.delete(file)) {
      ledger.release(blocks.of(length), 0);
    }
  }

  /** Deletes the files of a generation: slots first, then the body. */
  void deleteGeneration(EntryName name, Generation generation) throws IOException {
    String text = generation.toString();
    for (boolean bodies : new boolean[] {false, true, false}) {
      EntryFiles now = EntryFiles.of(name);
      for (EntryFiles.Item item : now.files()) {
        if (item.generation().equals(text) && item.isBody() == bodies) {
          delete(now.file(item));
        }
      }
    }
  }
}
