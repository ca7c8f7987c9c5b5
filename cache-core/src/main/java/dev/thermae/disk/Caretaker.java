package dev.thermae.disk;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a folder while its store is open: gathers look-ups and writes them down every other
 * second, makes room when writers ask for it or before they must, and keeps the index where this
 * process lives long. One daemon thread, begun when there is something to do. Thread-safe.
 */
final class Caretaker {
  private static final long TICK_MILLIS = 500;

  /** While others write, the owner of the index looks more often, since it makes room quickest. */
  private static final long BUSY_TICK_MILLIS = 25;

  private static final long BUSY_NANOS = 2_000_000_000L;
  private static final long OWNER_MAKES_ROOM_MILLIS = 300;
  private static final long NOTE_EVERY_NANOS = 2_000_000_000L;
  private static final int MOST_NOTED = 4096;
  private static final long CLOSE_WAIT_MILLIS = 2_000;
  private static final long IDLE_NANOS = 60_000_000_000L;
  private static final long LONG_LIVED_NANOS = 30_000_000_000L;
  private static final long SUM_EVERY_MILLIS = 24 * 3_600_000L;

  /** What nobody wants is less than no bytes. */
  private static final long NOTHING = -1;

  private final DiskStore store;
  private final Counters counters;
  private final TimeSource time;
  private final Journal journal;
  private final IndexOwner owner;
  private final Evictor evictor;
  private final long begun;
  private Map<String, Integer> uses = new HashMap<>();
  private @Nullable Thread thread;
  private long wanted = NOTHING;
  private boolean claimed;
  private volatile boolean closed;
  private long lastNoted;
  private long lastBusy;
  private long lastAdded;
  private volatile long lastChange;

  /** {@code opened} is when the store was, by {@link TimeSource#nanos}. */
  Caretaker(DiskStore store, TimeSource time, long opened) {
    this.store = store;
    this.counters = store.counters();
    this.time = time;
    this.begun = opened;
    this.journal = new Journal(store, time);
    this.owner = new IndexOwner(store, journal, time);
    this.evictor = new Evictor(store, store.room(), time);
    this.lastNoted = time.nanos();
    this.lastBusy = lastNoted;
  }

  IndexOwner owner() {
    return owner;
  }

  /** A look-up found an entry. */
  synchronized void used(EntryName name) {
    if (uses.size() < MOST_NOTED || uses.containsKey(name.text())) {
      uses.merge(name.text(), 1, Integer::sum);
    }
    run();
  }

  /** The files of an entry have changed. */
  void changed(EntryName name) {
    Note note = new Note(name.text(), 0, time.millis());
    if (owner.isOwner()) {
      owner.tell(note);
    } else {
      journal.append(List.of(note));
    }
  }

  /** There is no room for {@code bytes}, or soon will be none. */
  synchronized void wantRoom(long bytes) {
    boolean isNew = wanted == NOTHING;
    wanted = Math.max(wanted, bytes);
    if (isNew) {
      run();
      notifyAll();
    }
  }

  /** Competes for the index from now on, however young the process is. */
  synchronized void claim() {
    claimed = true;
    run();
    notifyAll();
  }

  private void run() {
    lastBusy = time.nanos();
    if (thread == null && !closed) {
      Thread started = new Thread(null, this::work, "thermae-disk", 0, false);
      started.setDaemon(true);
      try {
        started.start();
        thread = started;
      } catch (OutOfMemoryError e) {
        counters.onDropped("care of the folder"); // the next use tries again
      }
    }
  }

  private void work() {
    try {
      while (rest()) {
        try {
          care();
        } catch (IOException | RuntimeException | LinkageError e) {
          counters.onFault("care of " + store.root(), e);
        }
      }
    } finally {
      ended();
    }
  }

  /** Whatever ended the thread, the next use begins another one. */
  private synchronized void ended() {
    if (thread == Thread.currentThread()) {
      thread = null;
    }
  }

  /** Waits for the next tick or request; false when there is nothing left to do. */
  private synchronized boolean rest() {
    boolean idle = !claimed && !owner.isOwner() && time.nanos() - lastBusy > IDLE_NANOS;
    long now = time.nanos();
    boolean busy = owner.isOwner() && now - lastChange < BUSY_NANOS;
    long tick = busy ? BUSY_TICK_MILLIS : TICK_MILLIS;
    while (!closed && !idle && wanted == NOTHING && time.nanos() - now < tick * 1_000_000) {
      try {
        wait(tick);
      } catch (InterruptedException e) {
        idle = true;
      }
    }
    if (closed || idle) {
      thread = null;
      return false;
    }
    return true;
  }

  private void care() throws IOException {
    long bytes = takeWish();
    if (bytes != NOTHING || isDue()) {
      makeRoom(Math.max(0, bytes));
    }
    long now = time.nanos();
    if (now - lastNoted > NOTE_EVERY_NANOS) {
      lastNoted = now;
      writeDown();
      if (isLongLived(now)) {
        owner.compete();
        sumNowAndThen();
      }
    } else if (claimed) {
      owner.compete();
    }
    owner.catchUp();
  }

  /** Whether other processes have written so much that the owner of the index makes room. */
  private boolean isDue() throws IOException {
    InUse now = owner.isOwner() ? store.room().ledger().read() : null;
    if (now == null) {
      return false;
    }
    if (now.addedBytes() != lastAdded) {
      lastAdded = now.addedBytes();
      lastChange = time.nanos();
    }
    return EvictionPolicy.isDue(now, store.options());
  }

  private static void await(Thread working) {
    try {
      working.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long takeWish() {
    long bytes = wanted;
    wanted = NOTHING;
    return bytes;
  }

  private boolean isLongLived(long now) {
    return claimed || now - begun > LONG_LIVED_NANOS;
  }

  private void makeRoom(long bytes) throws IOException {
    writeDown();
    owner.catchUp();
    if (!evictor.evictByIndex(owner, bytes) && !awaitOwner(bytes)) {
      evictor.makeRoom(bytes);
    }
  }

  /** Whether the process that owns the index makes room soon, which it can without a walk. */
  private boolean awaitOwner(long bytes) throws IOException {
    if (owner.isOwner() || !owner.isElsewhere()) {
      return false;
    }
    long end = time.nanos() + OWNER_MAKES_ROOM_MILLIS * 1_000_000;
    while (time.nanos() - end < 0) {
      InUse now = store.room().ledger().read();
      if (now != null
          && !EvictionPolicy.isDue(now, store.options())
          && now.bytes() + bytes <= EvictionPolicy.usable(store.options().maximumBytes())) {
        return true;
      }
      LockSupport.parkNanos(BUSY_TICK_MILLIS * 1_000_000 / 2);
    }
    return false;
  }

  /** The owner of the index sums the files once a day, whatever the figures say. */
  private void sumNowAndThen() throws IOException {
    InUse known = owner.isOwner() ? store.room().ledger().read() : null;
    if (known != null && time.millis() - known.summed() > SUM_EVERY_MILLIS) {
      evictor.walk(Evictor.Extent.SWEEP);
    }
  }

  /** Writes down who was used: in the index or its journal, and in the time of the head. */
  private void writeDown() {
    Map<String, Integer> used;
    synchronized (this) {
      if (uses.isEmpty()) {
        return;
      }
      used = uses;
      uses = new HashMap<>();
    }
    long now = time.millis();
    List<Note> notes = new ArrayList<>();
    used.forEach(
        (name, count) -> {
          touch(EntryName.named(store.entries(), name).head(), now);
          notes.add(new Note(name, count, now));
        });
    if (owner.isOwner()) {
      notes.forEach(owner::tell);
    } else {
      journal.append(notes);
    }
  }

  /** Sets a file's time, unless it is gone, or not ours to write: then a hint is lost. */
  private static void touch(File file, long now) {
    long then = file.lastModified();
    if (then == 0 || then >= now) {
      return;
    }
    if (CacheFolder.guards && GuardedFiles.holds(file)) {
      GuardedFiles.touch(file, now);
    } else if (!file.setLastModified(now)) {
      return;
    }
  }

  /** What the index knows, all that happened until now included; null without one. */
  @Nullable DiskUsage usage() {
    writeDown();
    return owner.usage();
  }

  /** Walks the folder now, on the caller's thread; waits for a walk of another process. */
  GcResult walk(Evictor.Extent extent) throws IOException {
    writeDown();
    while (true) {
      GcResult result = evictor.walk(extent);
      if (result != null) {
        return result;
      }
      LockSupport.parkNanos(TICK_MILLIS * 1_000_000);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("another process walks the folder");
      }
    }
  }

  /** Whether walks are to end as soon as they can. */
  boolean isClosed() {
    return closed;
  }

  void close() {
    Thread working;
    synchronized (this) {
      closed = true;
      working = thread;
      notifyAll();
    }
    if (working != null) {
      await(working);
    }
    writeDown();
    owner.close();
    journal.close();
    try {
      store.room().ledger().settle();
    } catch (IOException e) {
      counters.onFault("usage", e);
    }
  }
}
