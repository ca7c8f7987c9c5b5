package dev.thermae.isolate;

import dev.thermae.code.CodeKey;
import dev.thermae.engine.CompileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The memory tier: units by key, and one load per key at a time.
 *
 * <p>A fresh process starts with a plain map of flights, finished ones included; {@link #settle()}
 * builds the bounded cache (Caffeine, some 100 ms at first use) and moves them there. Thread-safe.
 *
 * <p>A thread that leads a flight never waits for another one: it loads by itself, so that nested
 * compiles cannot deadlock. Followers share the leader's unit or its {@link CompileException}; when
 * the leader fails in any other way they load by themselves. Compile errors are remembered for a
 * while.
 *
 * @param <U> what is kept
 */
public final class IsolateCache<U extends IsolateCache.Weighed> {
  private static final ThreadLocal<@Nullable Boolean> LEADING = new ThreadLocal<>();
  private static final int UNSETTLED_LIMIT = 256;

  private final ConcurrentHashMap<Object, Flight<U>> flights = new ConcurrentHashMap<>();
  private final Failures failures;
  private final long maximumWeight;
  private volatile @Nullable Units<U> units;

  /** Something with a weight in bytes, at least 1. */
  public interface Weighed {
    /** Bytes it takes, roughly. */
    int weight();
  }

  /**
   * Makes a unit.
   *
   * @param <U> what is made
   */
  public interface Loader<U> {
    /**
     * Called once per flight, on the leader's thread.
     *
     * @throws CompileException when the source is at fault
     */
    U load();

    /** Called instead when the same source was at fault a moment ago. */
    CompileException remembered(CompileException error);

    /** Milliseconds, to tell how long ago. */
    long millis();
  }

  /** At most {@code maximumWeight} bytes; compile errors are remembered for {@code errorMillis}. */
  public IsolateCache(long maximumWeight, long errorMillis) {
    this.maximumWeight = maximumWeight;
    this.failures = new Failures(errorMillis);
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
   * The unit from memory, from another thread's flight, or from {@code loader}.
   *
   * @throws CompileException when the source is at fault
   */
  public U get(Object key, Loader<U> loader) {
    U known = find(key);
    if (known != null) {
      return known;
    }
    failures.check(key, loader);
    Flight<U> own = new Flight<>();
    Flight<U> other = flights.putIfAbsent(key, own);
    if (other == null) {
      return lead(key, own, loader);
    }
    if (LEADING.get() != null) {
      return loader.load();
    }
    other.await();
    U shared = other.unit();
    if (shared != null) {
      return shared;
    }
    CompileException error = other.error();
    if (error != null) {
      throw loader.remembered(error);
    }
    return loader.load();
  }

  private U lead(Object key, Flight<U> flight, Loader<U> loader) {
    boolean nested = LEADING.get() != null;
    LEADING.set(Boolean.TRUE);
    U unit = null;
    try {
      unit = known(key);
      if (unit == null) {
        unit = loader.load();
      }
      return unit;
    } catch (CompileException e) {
      failures.remember(key, e, loader.millis());
      flight.finish(null, e);
      throw e;
    } finally {
      if (!nested) {
        LEADING.remove();
      }
      finish(key, flight, unit);
    }
  }

  /** Whether another flight landed between the look-up and the start of this one. */
  private @Nullable U known(Object key) {
    Units<U> settled = units;
    return settled == null ? null : settled.get(key);
  }

  private void finish(Object key, Flight<U> flight, @Nullable U unit) {
    if (unit != null) {
      flight.finish(unit, null);
      Units<U> settled = units;
      if (settled != null) {
        settled.put(key, unit);
        flights.remove(key, flight);
      }
    } else {
      flights.remove(key, flight);
      if (flight.error() == null) {
        flight.finish(null, null);
      }
    }
  }

  /** Whether so many units lie unbounded that {@link #settle()} is due whatever the time. */
  public boolean isCrowded() {
    return units == null && flights.size() > UNSETTLED_LIMIT;
  }

  /** Whether units are in the bounded cache. */
  public boolean isSettled() {
    return units != null;
  }

  /** Builds the bounded cache and moves finished units there. */
  public synchronized void settle() {
    if (units != null) {
      return;
    }
    Units<U> settled = new CaffeineUnits<>(maximumWeight);
    units = settled;
    for (Map.Entry<Object, Flight<U>> entry : flights.entrySet()) {
      U unit = entry.getValue().unit();
      if (unit != null) {
        settled.put(entry.getKey(), unit);
        flights.remove(entry.getKey(), entry.getValue());
      }
    }
  }

  /** Forgets all finished units and remembered errors. */
  public void clear() {
    Units<U> settled = units;
    if (settled != null) {
      settled.clear();
    }
    for (Map.Entry<Object, Flight<U>> entry : flights.entrySet()) {
      if (entry.getValue().unit() != null) {
        flights.remove(entry.getKey(), entry.getValue());
      }
    }
    failures.clear();
  }

  /** Units in memory. */
  public long count() {
    Units<U> settled = units;
    return flights.size() + (settled == null ? 0 : settled.count());
  }
}
