package dev.thermae;

import dev.thermae.event.Counters;
import dev.thermae.event.TimeSource;
import dev.thermae.store.NoRoomException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Work that nobody waits for: one daemon thread, started when there is something to do and ended
 * when there is nothing, a queue bounded by tasks and bytes that drops and counts. {@link #close}
 * and the JVM's end drain it for a bounded time, so that a short program's warm run still attaches.
 * Thread-safe.
 */
final class Background implements AutoCloseable {
  private static final int MAXIMUM_TASKS = 1024;
  private static final long MAXIMUM_BYTES = 256L << 20;
  private static final long IDLE_MILLIS = 2_000;
  private static final long DRAIN_NANOS = 5_000_000_000L;
  private static final long DRAIN_STEP_MILLIS = 50;

  private final Counters counters;
  private final TimeSource time;
  private final ArrayDeque<Task> queue = new ArrayDeque<>();
  private long bytes;
  private boolean running;
  private boolean closed;
  private @Nullable Thread exitHook;

  Background(Counters counters, TimeSource time) {
    this.counters = counters;
    this.time = time;
  }

  /** One piece of work. */
  interface Task {
    /** What it is, in words. */
    String name();

    /** Bytes that it holds in memory. */
    default long bytes() {
      return 0;
    }

    /** Does it. */
    void run() throws Exception;
  }

  /** Queues a task; false, and counted, when there are too many or no thread can be had. */
  boolean submit(Task task) {
    boolean queued = queue(task);
    if (!queued) {
      counters.onDropped(task.name());
    }
    return queued;
  }

  private synchronized boolean queue(Task task) {
    if (closed
        || queue.size() >= MAXIMUM_TASKS
        || (bytes + task.bytes() > MAXIMUM_BYTES && !queue.isEmpty())
        || !isRunning()) {
      return false;
    }
    queue.add(task);
    bytes += task.bytes();
    notifyAll();
    return true;
  }

  /** Whether there is a thread, after trying to start one. */
  private boolean isRunning() {
    if (!running) {
      try {
        hook();
        Thread thread = new Thread(null, new Worker(), "thermae-background", 0, false);
        thread.setDaemon(true);
        thread.start();
        running = true;
      } catch (OutOfMemoryError e) {
        // No thread can be had: a full machine must not cost the caller the unit it has.
        return false;
      }
    }
    return true;
  }

  private void hook() {
    if (exitHook == null) {
      Thread hook = new Thread(null, new Drain(), "thermae-exit", 0, false);
      try {
        Runtime.getRuntime().addShutdownHook(hook);
        exitHook = hook;
      } catch (IllegalStateException e) {
        // The JVM is ending: whoever submits now is a hook itself and closes the cache, or loses.
        exitHook = null;
      }
    }
  }

  private final class Worker implements Runnable {
    @Override
    public void run() {
      for (Task task = next(); task != null; task = next()) {
        try {
          task.run();
        } catch (NoRoomException e) {
          counters.onDropped(task.name() + ": " + e.getMessage());
        } catch (Throwable e) {
          counters.onFault(task.name(), e);
        } finally {
          finished(task);
        }
      }
    }
  }

  /** The next task; null, and the thread ends, when none came for a while. */
  private synchronized @Nullable Task next() {
    long waited = 0;
    while (queue.isEmpty() && waited < IDLE_MILLIS && !closed) {
      try {
        wait(IDLE_MILLIS);
        waited += IDLE_MILLIS;
      } catch (InterruptedException e) {
        waited = IDLE_MILLIS;
      }
    }
    Task task = queue.peek();
    if (task == null) {
      running = false;
    }
    return task;
  }

  private synchronized void finished(Task task) {
    queue.poll();
    bytes -= task.bytes();
    notifyAll();
  }

  /** Waits until everything queued so far is done, for at most five seconds. */
  synchronized boolean drain() {
    long end = time.nanos() + DRAIN_NANOS;
    boolean interrupted = false;
    while (!queue.isEmpty() && time.nanos() - end < 0) {
      try {
        wait(DRAIN_STEP_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return queue.isEmpty();
  }

  private final class Drain implements Runnable {
    @Override
    public void run() {
      drain();
    }
  }

  @Override
  public void close() {
    drain();
    synchronized (this) {
      closed = true;
      notifyAll();
      Thread hook = exitHook;
      if (hook != null) {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
          // The JVM is ending: the hook runs, or ran, and finds nothing to do.
          exitHook = null;
        }
      }
    }
  }
}
