package dev.thermae.http.proxy;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that packs bodies, and ends while there is none to pack. What finds it busy with a
 * full queue is not packed; whoever wants it asks again. Thread-safe.
 */
final class PackedBodies implements AutoCloseable {
  private static final int QUEUED = 64;

  private final ThreadPoolExecutor worker;

  PackedBodies() {
    worker =
        new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), PackedBodies::thread);
    worker.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "thermae-packing");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  /** Packs later; false where there is too much to do already. */
  boolean later(Runnable packing) {
    try {
      worker.execute(packing);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** What was not begun is dropped. */
  @Override
  public void close() {
    worker.shutdownNow();
  }
}
