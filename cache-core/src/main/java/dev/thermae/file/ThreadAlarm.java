package dev.thermae.file;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An alarm with a daemon thread of its own, from the first task on. Thread-safe. */
final class ThreadAlarm implements Alarm {
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, task -> daemon(task, "thermae-watch-changes"));

  ThreadAlarm() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void after(long nanos, Runnable task) {
    try {
      Future<?> unused = executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return; // closed meanwhile
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
