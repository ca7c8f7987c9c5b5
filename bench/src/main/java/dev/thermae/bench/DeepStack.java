package dev.thermae.bench;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Rhino's parser recurses, and large scripts nest deeply: a thread with room for that. */
final class DeepStack {
  private static final long BYTES = 256L << 20;

  private DeepStack() {}

  /** Calls on a thread with a deep stack. */
  static <T> T call(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(null, task, "deep", BYTES).start();
    return task.get();
  }
}
