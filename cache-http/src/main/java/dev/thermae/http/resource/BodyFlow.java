package dev.thermae.http.resource;

import dev.thermae.store.BodyReader;
import dev.thermae.store.NewBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A body that passes through while it is stored, in constant memory. One thread brings it, as fast
 * as it comes; any number of others read along, each at its own pace, from what is stored of it and
 * was verified. Where it is not stored, or not any more, whoever came first reads on from the
 * origin, and nobody else. Thread-safe.
 */
public final class BodyFlow {
  /** So many bytes are brought to their end though nobody reads along any more. */
  private static final long WORTH_STORING = 8 << 20;

  /** For so long at most. */
  private static final long ALONE_NANOS = 60_000_000_000L;

  private static final ByteBuffer NOTHING_YET = ByteBuffer.allocate(0);

  private final Arriving source;
  private final @Nullable NewBody body;
  private final @Nullable Keeping keeping;
  private final LongSupplier clock;
  private final List<Reading> readings = new ArrayList<>();
  private boolean begun;
  private boolean whole;
  private @Nullable IOException failure;
  private boolean alone;
  private long aloneSince;
  private @Nullable Reading heir;

  /** Bytes that came, when it is whole or not stored any more. */
  private long length;

  /** The last of these, which may not be stored. */
  private byte[] tail = new byte[0];

  /** What becomes of a body that is stored; for the thread that brings it. */
  interface Keeping {
    /**
     * The next bytes of it.
     *
     * @throws IOException when it is not stored after all
     */
    void write(byte[] piece, int count) throws IOException;

    /** All of it is there: to be published. Nobody joins any more. */
    void whole(long length) throws IOException;

    /** It is not stored after all; {@code reason} is null where the origin failed. */
    void given(@Nullable IOException reason);
  }

  /** A body that only passes. */
  BodyFlow(Arriving source) {
    this.source = source;
    this.body = null;
    this.keeping = null;
    this.clock = () -> 0;
  }

  /**
   * A body that is stored in {@code body}, by {@code keeping}.
   *
   * @param clock nanoseconds that only go forward
   */
  BodyFlow(Arriving source, NewBody body, Keeping keeping, LongSupplier clock) {
    this.source = source;
    this.body = body;
    this.keeping = keeping;
    this.clock = clock;
  }

  /** Bytes of the body; negative while nobody knows. */
  public synchronized long length() {
    return whole ? length : source.announced();
  }

  /**
   * Reads from {@code from} to before {@code to}, or the end; null where it is too late for that,
   * and the store knows more.
   */
  public synchronized @Nullable Pieces open(long from, long to) {
    NewBody stored = body;
    if (failure != null || stored == null && begun) {
      return null;
    }
    begun |= stored == null;
    try {
      Reading reading = new Reading(stored == null ? null : stored.reader(), from, to);
      readings.add(reading);
      heir = stored == null ? reading : null;
      return reading;
    } catch (IOException e) {
      return null; // published meanwhile, under another name
    }
  }

  /**
   * Brings the body; the first one who calls this does it, for as long as it takes, and all others
   * return at once. It ends early when nobody reads along any more, unless half of it is there or
   * what is missing is short, and comes within a minute. A body that is not stored is left to who
   * reads it; where nobody does it is dropped.
   */
  public void bring() {
    synchronized (this) {
      if (begun) {
        return;
      }
      begun = true;
    }
    try {
      Keeping into = keeping;
      if (into == null) {
        fail(new IOException("nobody reads the body"), null);
      } else {
        store(into);
      }
    } catch (IOException e) {
      fail(e, null);
    } catch (RuntimeException | Error e) {
      IOException fault = new IOException(e);
      fail(fault, fault); // whatever it is, nobody may wait for more
      if (e instanceof Error) {
        throw e;
      }
    }
  }

  /** Whether all of it came. */
  synchronized boolean isWhole() {
    return whole;
  }

  /** Whole pieces, so that what fails to be stored is just the one at hand. */
  private void store(Keeping into) throws IOException {
    byte[] piece = new byte[BodyReader.PIECE];
    long arrived = 0;
    int last = 0;
    for (int count = source.read(piece, true); count > 0; count = source.read(piece, true)) {
      last = count;
      arrived += count;
      try {
        into.write(piece, count);
      } catch (IOException e) {
        giveUp(e, Arrays.copyOf(piece, count), arrived);
        return;
      }
      wake();
      requireReaders(arrived);
    }
    release();
    IOException unpublished = null;
    try {
      into.whole(arrived);
    } catch (IOException e) {
      unpublished = e;
      into.given(e);
    }
    synchronized (this) {
      whole = true;
      length = arrived;
      tail = unpublished == null ? tail : Arrays.copyOf(piece, last);
    }
    wake();
  }

  private synchronized void requireReaders(long arrived) throws IOException {
    long missing = source.announced() - arrived;
    boolean nearly = source.announced() >= 0 && missing <= Math.max(arrived, WORTH_STORING);
    if (!readings.isEmpty()) {
      alone = false;
    } else if (!alone) {
      alone = true;
      aloneSince = clock.getAsLong();
    }
    if (alone && (!nearly || clock.getAsLong() - aloneSince > ALONE_NANOS)) {
      throw new IOException("nobody reads the body any more");
    }
  }

  /** The store failed: whoever came first reads on from the origin. */
  private void giveUp(IOException reason, byte[] unstored, long arrived) {
    synchronized (this) {
      heir = null;
      for (Reading reading : readings) {
        heir = heir == null && reading.to > 0 ? reading : heir;
      }
      tail = unstored;
      length = arrived;
    }
    fail(reason, reason);
  }

  private void fail(IOException why, @Nullable IOException reason) {
    boolean over;
    synchronized (this) {
      failure = why;
      over = heir == null;
    }
    try {
      if (keeping != null) {
        keeping.given(reason);
      }
    } finally {
      if (over) {
        release();
      }
      wake();
    }
  }

  private void release() {
    try {
      source.close();
    } catch (IOException e) {
      // A connection to the origin that does not close in order is not used again.
    }
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

  /** One who reads along. */
  private final class Reading implements Pieces {
    private final @Nullable BodyReader stored;
    private final long to;
    private long position;
    private byte[] own = new byte[0];
    private long arrived;
    private @Nullable Runnable then;

    Reading(@Nullable BodyReader stored, long from, long to) {
      this.stored = stored;
      this.position = from;
      this.to = to;
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
      ByteBuffer found = position >= to ? null : find();
      ByteBuffer bytes = found == null ? null : StoredPieces.cut(found, to - position);
      position += bytes == null ? 0 : bytes.remaining();
      return bytes;
    }

    private @Nullable ByteBuffer find() throws IOException {
      if (stored != null && position < stored.length()) {
        return stored.at(position);
      }
      synchronized (BodyFlow.this) {
        long into = position - (length - tail.length);
        boolean isMine = whole || heir == this;
        if (isMine && into >= 0 && into < tail.length) {
          return ByteBuffer.wrap(tail, (int) into, tail.length - (int) into).slice();
        } else if (whole) {
          return null;
        } else if (heir != this) {
          IOException why = failure;
          if (why != null) {
            throw new IOException("the rest of the body is lost: " + why.getMessage(), why);
          }
          return NOTHING_YET;
        }
        arrived = Math.max(arrived, length);
      }
      return pull();
    }

    /** From the origin, past what comes before the position. */
    private @Nullable ByteBuffer pull() throws IOException {
      own = own.length == 0 ? new byte[BodyReader.PIECE] : own;
      for (int count = source.read(own, false); count > 0; count = source.read(own, false)) {
        int skipped = (int) Math.min(count, position - arrived);
        arrived += count;
        if (skipped < count) {
          return ByteBuffer.wrap(own, skipped, count - skipped).slice();
        }
      }
      return null;
    }

    @Override
    public void whenMore(Runnable next) {
      synchronized (BodyFlow.this) {
        boolean more = stored != null && position < stored.length();
        if (!more && !whole && failure == null && heir != this) {
          then = next;
          return;
        }
      }
      next.run();
    }

    @Override
    public boolean isWaiting() {
      synchronized (BodyFlow.this) {
        return heir == this && (stored == null || position >= stored.length());
      }
    }

    @Override
    public void close() {
      boolean last;
      synchronized (BodyFlow.this) {
        then = null;
        readings.remove(this);
        last = heir == this;
      }
      if (stored != null) {
        stored.close();
      }
      if (last) {
        release();
      }
    }
  }
}
