package dev.thermae.cli;

import dev.thermae.event.CacheListener;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells of the first faults; a full disk would tell of itself at every request. */
final class Faults implements CacheListener {
  private static final int TOLD = 5;
  private final AtomicInteger count = new AtomicInteger();
  private volatile String last = "";

  /** The last one in words; empty when there was none. */
  String last() {
    return last;
  }

  @Override
  public void onFault(String where, Throwable fault) {
    last = where + ": " + fault;
    int now = count.incrementAndGet();
    if (now <= TOLD) {
      String rest = now == TOLD ? " (further faults are only counted)" : "";
      System.getLogger("dev.thermae")
          .log(System.Logger.Level.WARNING, "Gone around: " + where + ": " + fault + rest);
    }
  }
}
