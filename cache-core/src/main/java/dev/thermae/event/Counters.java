package dev.thermae.event;

import dev.thermae.code.Rejection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a cache does and passes every event on to the user's listener. Thread-safe.
 *
 * <p>A listener that throws never disturbs the cache: what it throws is counted as a fault.
 */
public final class Counters {
  private final @Nullable CacheListener next;
  private final AtomicLong cold = new AtomicLong();
  private final AtomicLong warm = new AtomicLong();
  private final AtomicLong hot = new AtomicLong();
  private final AtomicLong compiles = new AtomicLong();
  private final AtomicLong compileNanos = new AtomicLong();
  private final AtomicLong compileErrors = new AtomicLong();
  private final AtomicLong restores = new AtomicLong();
  private final AtomicLong loadNanos = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong attached = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();
  private final AtomicLong oversized = new AtomicLong();
  private final AtomicLong waitNanos = new AtomicLong();
  private volatile @Nullable LongAdder memory;
  private volatile @Nullable AtomicLongArray rejections;
  private volatile @Nullable AtomicLongArray waits;

  /** Counts and passes on to {@code next}, where there is one. */
  public Counters(@Nullable CacheListener next) {
    this.next = next;
  }

  /** What was counted so far; the figures are read one after the other. */
  public CacheStats snapshot() {
    return new CacheStats(
        cold.get(),
        warm.get(),
        hot.get(),
        memory == null ? 0 : memoryHits().sum(),
        compiles.get(),
        compileNanos.get(),
        compileErrors.get(),
        restores.get(),
        loadNanos.get(),
        stored.get(),
        attached.get(),
        dropped.get(),
        faults.get(),
        copy(rejections, Rejection.values().length),
        copy(waits, Waited.values().length),
        waitNanos.get(),
        evicted.get(),
        oversized.get());
  }

  private static long[] copy(@Nullable AtomicLongArray counted, int length) {
    long[] copy = new long[length];
    for (int i = 0; counted != null && i < length; i++) {
      copy[i] = counted.get(i);
    }
    return copy;
  }

  /** Counts, and tells the listener: see {@link CacheListener#onUnit}. */
  public void onUnit(
      String name, Temperature temperature, Origin origin, long compileTime, long loadTime) {
    if (origin == Origin.MEMORY) {
      memoryHits().increment();
    } else {
      countLoad(temperature, loadTime);
    }
    if (next != null) {
      try {
        next.onUnit(name, temperature, origin, compileTime, loadTime);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /**
   * A unit was restored from stored code, the way of a first hit, which loads as little as it can.
   */
  public void onRestored(String name, long loadTime) {
    hot.incrementAndGet();
    restores.incrementAndGet();
    loadNanos.addAndGet(loadTime);
    if (next != null) {
      try {
        next.onUnit(name, Temperature.HOT, Origin.RESTORED, 0, loadTime);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Built at the first hit: many threads add to it at once, and a fresh process has none. */
  private LongAdder memoryHits() {
    LongAdder hits = memory;
    if (hits == null) {
      synchronized (this) {
        hits = memory;
        if (hits == null) {
          hits = new LongAdder();
          memory = hits;
        }
      }
    }
    return hits;
  }

  private void countLoad(Temperature temperature, long loadTime) {
    (temperature == Temperature.WARM ? warm : cold).incrementAndGet();
    loadNanos.addAndGet(loadTime);
  }

  /** Counts, and tells the listener: see {@link CacheListener#onCompile}. */
  public void onCompile(String name, long nanos) {
    compiles.incrementAndGet();
    compileNanos.addAndGet(nanos);
    if (next != null) {
      try {
        next.onCompile(name, nanos);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onCompileError}. */
  public void onCompileError(String name, boolean remembered) {
    compileErrors.incrementAndGet();
    if (next != null) {
      try {
        next.onCompileError(name, remembered);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onRejected}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public void onRejected(String where, Rejection reason, String detail) {
    rejections().incrementAndGet(reason.ordinal());
    if (next != null) {
      try {
        next.onRejected(where, reason, detail);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Built at the first rejection: it costs a fresh process more than the rest of this class. */
  private AtomicLongArray rejections() {
    AtomicLongArray counts = rejections;
    if (counts == null) {
      synchronized (this) {
        counts = rejections;
        if (counts == null) {
          counts = new AtomicLongArray(Rejection.values().length);
          rejections = counts;
        }
      }
    }
    return counts;
  }

  /** Counts, and tells the listener: see {@link CacheListener#onWaited}. */
  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  public void onWaited(String name, Waited outcome, long nanos) {
    waits().incrementAndGet(outcome.ordinal());
    waitNanos.addAndGet(nanos);
    if (next != null) {
      try {
        next.onWaited(name, outcome, nanos);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  private AtomicLongArray waits() {
    AtomicLongArray counts = waits;
    if (counts == null) {
      synchronized (this) {
        counts = waits;
        if (counts == null) {
          counts = new AtomicLongArray(Waited.values().length);
          waits = counts;
        }
      }
    }
    return counts;
  }

  /** Counts, and tells the listener: see {@link CacheListener#onStored}. */
  public void onStored(String key, long bytes) {
    stored.incrementAndGet();
    if (next != null) {
      try {
        next.onStored(key, bytes);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onAttached}. */
  public void onAttached(String key, long bytes) {
    attached.incrementAndGet();
    if (next != null) {
      try {
        next.onAttached(key, bytes);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onEvicted}. */
  public void onEvicted(String where, long bytes) {
    evicted.incrementAndGet();
    if (next != null) {
      try {
        next.onEvicted(where, bytes);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onDropped}. */
  public void onDropped(String what) {
    dropped.incrementAndGet();
    if (next != null) {
      try {
        next.onDropped(what);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts what was not stored because it alone is larger than its store takes. */
  public void onOversized() {
    oversized.incrementAndGet();
  }

  /** Counts, and tells the listener: see {@link CacheListener#onFault}. */
  public void onFault(String where, Throwable fault) {
    faults.incrementAndGet();
    if (next != null) {
      try {
        next.onFault(where, fault);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }

  /** Counts, and tells the listener: see {@link CacheListener#onWarning}. */
  public void onWarning(String message) {
    System.getLogger("dev.thermae").log(System.Logger.Level.WARNING, message);
    if (next != null) {
      try {
        next.onWarning(message);
      } catch (Throwable e) {
        faults.incrementAndGet();
      }
    }
  }
}
