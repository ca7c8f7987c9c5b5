package dev.thermae.http.proxy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles that are under way, at most one for each name: on threads of their own, so that one goes
 * on when whoever asked has gone. Thread-safe.
 */
final class CompileFlights implements AutoCloseable {
  private static final int MOST_QUEUED = 256;
  private static final long IDLE_SECONDS = 30;

  private final ConcurrentMap<String, Flight> flights = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor executor;

  CompileFlights(int threads) {
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_QUEUED),
            task -> {
              Thread thread = new Thread(task, "thermae-code");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** One compile; it ends with an envelope, or without. */
  static final class Flight {
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();

    /** The envelope; null where there is none, or none yet when the time is up. */
    byte @Nullable [] await(long time, TimeUnit unit) {
      try {
        return nullWhenEmpty(result.get(time, unit));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      } catch (TimeoutException | ExecutionException | CancellationException e) {
        return null;
      }
    }

    /** The envelope, where it is there already. */
    byte @Nullable [] now() {
      return result.isCompletedExceptionally() ? null : nullWhenEmpty(result.getNow(NONE));
    }

    private static byte @Nullable [] nullWhenEmpty(byte[] envelope) {
      return envelope.length == 0 ? null : envelope;
    }
  }

  private static final byte[] NONE = new byte[0];

  /** The flight of that name; where there is none, one begins. Null when too many are queued. */
  @Nullable Flight join(String name, Supplier<byte @Nullable []> compile) {
    Flight own = new Flight();
    Flight other = flights.putIfAbsent(name, own);
    if (other != null) {
      return other;
    }
    try {
      executor.execute(() -> run(name, own, compile));
    } catch (RejectedExecutionException e) {
      flights.remove(name, own);
      own.result.complete(NONE);
      return null;
    }
    return own;
  }

  private void run(String name, Flight flight, Supplier<byte @Nullable []> compile) {
    byte[] made = NONE;
    try {
      byte[] envelope = compile.get();
      made = envelope == null ? NONE : envelope;
    } finally {
      flights.remove(name, flight);
      flight.result.complete(made);
    }
  }

  /** Nobody waits any longer. */
  @Override
  public void close() {
    executor.shutdownNow();
    for (Flight flight : flights.values()) {
      flight.result.complete(NONE);
    }
  }
}
