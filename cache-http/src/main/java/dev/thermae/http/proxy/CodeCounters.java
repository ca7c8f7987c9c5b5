package dev.thermae.http.proxy;

import dev.thermae.event.Temperature;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of requests for code. Thread-safe. */
final class CodeCounters {
  final LongAdder compiles = new LongAdder();
  final LongAdder compileNanos = new LongAdder();
  final LongAdder signed = new LongAdder();
  final LongAdder unsigned = new LongAdder();
  final LongAdder attached = new LongAdder();
  final LongAdder published = new LongAdder();
  private final LongAdder cold = new LongAdder();
  private final LongAdder warm = new LongAdder();
  private final LongAdder hot = new LongAdder();
  private final AtomicLongArray refused =
      new AtomicLongArray(CompileRefusedException.Reason.values().length);

  void count(Temperature temperature) {
    switch (temperature) {
      case COLD -> cold.increment();
      case WARM -> warm.increment();
      case HOT -> hot.increment();
    }
  }

  @SuppressWarnings("EnumOrdinal") // the enum is append-only
  void refused(CompileRefusedException.Reason reason) {
    refused.incrementAndGet(reason.ordinal());
  }

  CodeStats snapshot() {
    long[] refusals = new long[refused.length()];
    for (int i = 0; i < refusals.length; i++) {
      refusals[i] = refused.get(i);
    }
    return new CodeStats(
        cold.sum(),
        warm.sum(),
        hot.sum(),
        compiles.sum(),
        compileNanos.sum(),
        signed.sum(),
        unsigned.sum(),
        attached.sum(),
        published.sum(),
        refusals);
  }
}
