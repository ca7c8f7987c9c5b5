package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import dev.thermae.store.NewBody;
import dev.thermae.store.NoRoomException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that passes through while it is stored, in constant memory. One thread brings it; others
 * read along, each at its own pace, from what is stored of it and was verified. A body that is not
 * stored, or not any more, has one reader, whose pace it takes. Thread-safe.
 */
public final class BodyFlow {
  private final Arriving source;
  private final long maximum;
  private final Keeping keeping;
  private final List<Reading> readings = new ArrayList<>();
  private final @Nullable NewBody body;
  private boolean begun;
  private boolean ended;
  private long length;
  private @Nullable IOException failure;
  private byte @Nullable [] direct;
  private int directLength;

  /** What becomes of a body that is stored. */
  interface Keeping {
    /** All of it is there: to be published, and to be closed. */
    void whole(NewBody body, long length) throws IOException;

    /** It is not stored after all; {@code reason} is null where the origin failed. */
    void given(@Nullable IOException reason);

    /** Nobody can join any more. */
    void over();
  }

  /** What a reader finds. */
  public enum State {
    /** There is more to read. */
    MORE,
    /** There will be. */
    LATER,
    /** All is read. */
    END,
    /** There will be no more, though this is not all. */
    FAILED
  }

  /**
   * @param body where it is stored; null where it only passes
   * @param maximum bytes that are stored; a longer one passes, to whoever came first
   */
  BodyFlow(Arriving source, @Nullable NewBody body, long maximum, Keeping keeping) {
    this.source = source;
    this.body = body;
    this.maximum = maximum;
    this.keeping = keeping;
  }

  /** Bytes of the body; negative when nobody knows yet. */
  public synchronized long length() {
    return ended ? length : source.announced();
  }

  /**
   * Reads the bytes from {@code from} to before {@code to}; null where it is too late for that.
   *
   * @throws IOException when what is stored cannot be opened
   */
  public synchronized @Nullable Reading open(long from, long to) throws IOException {
    NewBody stored = body;
    boolean taken = stored == null && (begun || !readings.isEmpty());
    if (failure != null || direct != null || taken) {
      return null;
    }
    Reading reading = new Reading(stored == null ? null : stored.reader(), from, to);
    readings.add(reading);
    return reading;
  }

  /**
   * Brings the body; the first one who calls this does it, which takes as long as it takes, and all
   * others return at once. A body that only passes, and that nobody reads, is not brought.
   */
  public void bring() {
    synchronized (this) {
      if (begun) {
        return;
      }
      begun = true;
    }
    IOException fault = null;
    try (source) {
      pump();
    } catch (IOException e) {
      fault = e;
    } catch (RuntimeException e) {
      fault = new IOException(e);
    }
    end(fault);
  }

  private void pump() throws IOException {
    byte[] piece = new byte[BodyReader.PIECE];
    long arrived = 0;
    int last = 0;
    for (int count = read(piece); count > 0; count = read(piece)) {
      arrived += count;
      if (!keep(piece, count, arrived) && !hand(piece, count, arrived)) {
        throw new IOException("nobody reads the body any more");
      }
      last = count;
    }
    NewBody whole = stored();
    if (whole != null) {
      publish(whole, piece, last, arrived);
    }
  }

  private void publish(NewBody whole, byte[] piece, int last, long arrived) throws IOException {
    try {
      keeping.whole(whole, arrived);
    } catch (IOException e) {
      give(e);
      hand(piece, last % BodyReader.PIECE, arrived); // that may not have reached the store
    }
  }

  /** Whole pieces where they are stored, so that what fails to be is just the one at hand. */
  private int read(byte[] piece) throws IOException {
    return source.read(piece, stored() != null);
  }

  private synchronized @Nullable NewBody stored() {
    return direct == null ? body : null;
  }

  private boolean keep(byte[] piece, int count, long arrived) {
    NewBody into = stored();
    if (into == null) {
      return false;
    }
    try {
      if (arrived > maximum) {
        throw new NoRoomException("exceeds " + maximum + " bytes");
      }
      into.write(piece, 0, count);
    } catch (IOException e) {
      give(e);
      return false;
    }
    synchronized (this) {
      length = arrived;
    }
    wake();
    return true;
  }

  /** The store failed: whoever came first gets the rest, and nobody else. */
  private void give(@Nullable IOException reason) {
    synchronized (this) {
      direct = new byte[0];
      for (int i = 1; i < readings.size(); i++) {
        readings.get(i).lost = true;
      }
    }
    keeping.over();
    keeping.given(reason);
    wake();
  }

  /** Waits until {@code piece} was taken; false when nobody takes it. */
  private boolean hand(byte[] piece, int count, long arrived) throws IOException {
    synchronized (this) {
      direct = piece;
      directLength = count;
      length = arrived;
    }
    wake();
    synchronized (this) {
      try {
        while (!readings.isEmpty() && readings.get(0).wants()) {
          wait();
        }
        return !readings.isEmpty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the body passed", e);
      }
    }
  }

  private void end(@Nullable IOException fault) {
    boolean given;
    NewBody stored;
    synchronized (this) {
      ended = true;
      failure = fault;
      stored = body;
      given = direct != null;
    }
    keeping.over();
    if (fault != null && stored != null && !given) {
      keeping.given(null);
    }
    wake();
  }

  private void wake() {
    List<Runnable> waiting = new ArrayList<>();
    synchronized (this) {
      for (Reading reading : readings) {
        Runnable then = reading.then;
        if (then != null) {
          reading.then = null;
          waiting.add(then);
        }
      }
    }
    waiting.forEach(Runnable::run);
  }

  /** One who reads along, for one thread at a time. */
  public final class Reading implements AutoCloseable {
    private final @Nullable BodyReader stored;
    private final long to;
    private long position;
    private boolean given;
    private boolean lost;
    private @Nullable Runnable then;

    private Reading(@Nullable BodyReader stored, long from, long to) {
      this.stored = stored;
      this.position = from;
      this.to = to;
    }

    /** What {@link #next} would find; what that gave before is done with. */
    public State state() {
      synchronized (BodyFlow.this) {
        given = false;
        if (direct != null) {
          BodyFlow.this.notifyAll();
        }
        if (position >= to) {
          return State.END;
        } else if (isStored() || !lost && direct != null && position < length) {
          return State.MORE;
        } else if (lost || failure != null) {
          return State.FAILED;
        }
        return !ended ? State.LATER : position >= length ? State.END : State.FAILED;
      }
    }

    private boolean isStored() {
      return stored != null && position < stored.length();
    }

    /** Whether bytes that are handed over are still to be read, or just being used. */
    private boolean wants() {
      return given || position < length;
    }

    /**
     * The next bytes, where {@link #state} said that there are more; they stay as they are until
     * that is called again.
     */
    public ByteBuffer next() throws IOException {
      ByteBuffer bytes;
      if (isStored() && stored != null) {
        bytes = stored.at(position);
      } else {
        synchronized (BodyFlow.this) {
          byte[] piece = direct == null ? new byte[0] : direct;
          int skipped = (int) (position - (length - directLength));
          bytes = ByteBuffer.wrap(piece, skipped, directLength - skipped).slice();
        }
      }
      if (bytes.remaining() > to - position) {
        bytes.limit((int) (to - position));
      }
      synchronized (BodyFlow.this) {
        given = direct != null;
        position += bytes.remaining();
      }
      return bytes;
    }

    /** Runs {@code then} once the state is another than {@link State#LATER}, perhaps at once. */
    public void whenMore(Runnable next) {
      synchronized (BodyFlow.this) {
        then = next;
      }
      if (state() != State.LATER) {
        wake();
      }
    }

    /** Reads no more; a body that only passes ends with its reader. */
    @Override
    public void close() {
      synchronized (BodyFlow.this) {
        then = null;
        readings.remove(this);
        BodyFlow.this.notifyAll();
      }
      if (stored != null) {
        stored.close();
      }
    }
  }
}
