package dev.thermae.file;

import java.util.ArrayDeque;
import java.util.Queue;

/** Rings when the test says so. */
final class FakeAlarm implements Alarm {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean closed;

  @Override
  public synchronized void after(long nanos, Runnable task) {
    if (!closed) {
      waiting.add(task);
    }
  }

  /** Runs what waits, whatever its time; what that adds waits for the next call. */
  void ring() {
    for (Runnable task : taken()) {
      task.run();
    }
  }

  private synchronized Runnable[] taken() {
    Runnable[] tasks = waiting.toArray(Runnable[]::new);
    waiting.clear();
    return tasks;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
  }
}
