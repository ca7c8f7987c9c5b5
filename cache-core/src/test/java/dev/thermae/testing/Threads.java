package dev.thermae.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that start together. */
public final class Threads {
  private static final long PATIENCE_SECONDS = 60;

  private Threads() {}

  /** What thread number {@code index} does. */
  public interface Work {
    void run(int index) throws Exception;
  }

  /** Runs {@code work} on {@code count} threads and fails with what any of them threw. */
  public static void run(int count, Work work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  work.run(index);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
