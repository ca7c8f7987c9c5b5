package dev.thermae.http.resource;

import dev.thermae.event.Counters;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs validations that nobody waits for: on the caller's executor, or on a few daemon threads that
 * end when there is nothing to do. What does not fit into the queue is dropped and counted.
 * Thread-safe.
 */
final class Revalidation implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int QUEUE = 256;
  private static final long IDLE_SECONDS = 10;

  private final Executor executor;
  private final @Nullable ThreadPoolExecutor own;
  private final Counters counters;

  Revalidation(@Nullable Executor given, Counters counters) {
    this.counters = counters;
    if (given == null) {
      own = threads();
      executor = own;
    } else {
      own = null;
      executor = given;
    }
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(null, task, "thermae-revalidation", 0, false);
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  void submit(String key, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      counters.onDropped("revalidation of " + key);
    }
  }

  /** Interrupts what is under way; a given executor is the caller's. */
  @Override
  public void close() {
    if (own != null) {
      own.shutdownNow();
    }
  }
}
