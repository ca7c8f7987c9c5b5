package dev.thermae.isolate;

import dev.thermae.code.CodeKey;
import dev.thermae.engine.CompileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The memory tier: units by key, and one load per key at a time.
 *
 * <p>A fresh process starts with a plain map of flights, finished ones included; {@link #settle}
 * builds the bounded cache (Caffeine, some 100 ms at first use) and moves them there. Thread-safe.
 *
 * <p>A thread that leads a flight never waits for another one: it loads by itself, so that nested
 * compiles cannot deadlock. Followers share the leader's unit or its {@link CompileException}; when
 * the leader fails in any other way they load by themselves. Compile errors are remembered for a
 * while.
 *
 * @param <U> what is kept
 */
public final class IsolateCache<U> {
  private static final ThreadLocal<@Nullable Boolean> LEADING = new ThreadLocal<>();
  private static final int UNSETTLED_LIMIT = 256;

  private final ConcurrentHashMap<Object, Flight<U>> flights = new ConcurrentHashMap<>();
  private final long errorMillis;
  private final long maximumWeight;
  private volatile @Nullable Units<U> units;
  private volatile @Nullable Failures failures;

  /** At most {@code maximumWeight} bytes; compile errors are remembered for {@code errorMillis}. */
  public IsolateCache(long maximumWeight, long errorMillis) {
    this.maximumWeight = maximumWeight;
    this.errorMillis = errorMillis;
  }

  /** The key of a unit that may not leave {@code scope}, which is held weakly. */
  public static Object scoped(CodeKey key, Object scope) {
    return new ScopedKey(key, scope);
  }

  /** The unit, if it is in memory; nobody is waited for. */
  public @Nullable U find(Object key) {
    Units<U> settled = units;
    if (settled != null) {
      return settled.get(key);
    }
    Flight<U> flight = flights.get(key);
    return flight == null ? null : flight.unit();
  }

  /**
   * The unit from memory, from another thread's flight, or from {@code own}, which was never used.
   *
   * @throws dev.thermae.engine.CompileException when the source is at fault
   */
  public U get(Object key, Flight<U> own) {
    U known = find(key);
    if (known != null) {
      return known;
    }
    Failures failed = failures;
    RuntimeException remembered = failed == null ? null : failed.of(key, own);
    if (remembered != null) {
      throw remembered;
    }
    Flight<U> other = flights.putIfAbsent(key, own);
    if (other != null) {
      return Following.share(other, own, LEADING.get() != null);
    }
    U landed = landed(key, own);
    return landed == null ? lead(key, own) : landed;
  }

  /** The unit of a flight that ended after {@link #find} had looked: {@code own} need not begin. */
  private @Nullable U landed(Object key, Flight<U> own) {
    Units<U> settled = units;
    if (settled == null) {
      return null;
    }
    synchronized (this) {
      U unit = settled.get(key);
      if (unit != null) {
        own.finish(unit, null);
        flights.remove(key, own);
      }
      return unit;
    }
  }

  private U lead(Object key, Flight<U> flight) {
    boolean nested = LEADING.get() != null;
    LEADING.set(Boolean.TRUE);
    U unit = null;
    try {
      unit = flight.load();
      return unit;
    } catch (RuntimeException e) {
      if (e instanceof CompileException) {
        remember(key, (CompileException) e, flight.millis());
        flight.finish(null, e);
      }
      throw e;
    } finally {
      if (!nested) {
        LEADING.remove();
      }
      finish(key, flight, unit);
    }
  }

  private void finish(Object key, Flight<U> flight, @Nullable U unit) {
    boolean shared = unit != null && flight.shares(unit);
    flight.finish(shared ? unit : null, null);
    Units<U> settled = units;
    if (unit == null || !shared) {
      flights.remove(key, flight);
    } else if (settled != null) {
      move(key, flight, unit, settled);
    }
  }

  /** A flight that is not there any more was cleared since. */
  private synchronized void move(Object key, Flight<U> flight, U unit, Units<U> settled) {
    if (flights.get(key) == flight) {
      settled.put(key, unit);
      flights.remove(key, flight);
    }
  }

  private synchronized void remember(Object key, CompileException error, long now) {
    Failures failed = failures;
    if (failed == null) {
      failed = new Failures(errorMillis);
      failures = failed;
    }
    failed.remember(key, error, now);
  }

  /** Whether so many units lie unbounded that {@link #settle} is due whatever the time. */
  public boolean isCrowded() {
    return units == null && flights.size() > UNSETTLED_LIMIT;
  }

  /** Whether units are in the bounded cache. */
  public boolean isSettled() {
    return units != null;
  }

  /** Builds the bounded cache, which weighs units in bytes, and moves finished units there. */
  public synchronized void settle(ToIntFunction<U> weigher) {
    if (units != null) {
      return;
    }
    Units<U> settled = CaffeineUnits.bounded(maximumWeight, weigher);
    units = settled;
    for (Map.Entry<Object, Flight<U>> entry : flights.entrySet()) {
      U unit = entry.getValue().unit();
      if (unit != null) {
        move(entry.getKey(), entry.getValue(), unit, settled);
      }
    }
  }

  /** Forgets all finished units and remembered errors, one after the other. */
  public synchronized void clear() {
    Units<U> settled = units;
    if (settled != null) {
      settled.clear();
    }
    for (Map.Entry<Object, Flight<U>> entry : flights.entrySet()) {
      if (entry.getValue().unit() != null) {
        flights.remove(entry.getKey(), entry.getValue());
      }
    }
    failures = null;
  }

  /** Forgets one finished unit, if it is in memory. */
  public synchronized void forget(Object key) {
    Units<U> settled = units;
    if (settled != null) {
      settled.remove(key);
    }
    Flight<U> flight = flights.get(key);
    if (flight != null && flight.unit() != null) {
      flights.remove(key, flight);
    }
  }

  /** Units in memory. */
  public long count() {
    Units<U> settled = units;
    return flights.size() + (settled == null ? 0 : settled.count());
  }
}
