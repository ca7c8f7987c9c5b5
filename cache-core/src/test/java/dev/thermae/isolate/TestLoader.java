package dev.thermae.isolate;

import dev.thermae.engine.CompileException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Loads what it is told to, and counts. */
final class TestLoader {
  final AtomicInteger loads = new AtomicInteger();
  final AtomicInteger remembered = new AtomicInteger();
  final AtomicLong now = new AtomicLong(1_000);
  private final Callable<TestUnit> work;

  TestLoader(Callable<TestUnit> work) {
    this.work = work;
  }

  static TestLoader of(String text) {
    return new TestLoader(() -> new TestUnit(text, 1));
  }

  static CompileException error() {
    return new CompileException("no", "a.js", 1, 2, new IllegalStateException("no"));
  }

  /** What a caller brings along. */
  Flight<TestUnit> flight() {
    return new Flight<>() {
      @Override
      protected TestUnit load() {
        loads.incrementAndGet();
        try {
          return work.call();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }

      @Override
      protected RuntimeException remembered(CompileException error) {
        remembered.incrementAndGet();
        return error.again();
      }

      @Override
      protected long millis() {
        return now.get();
      }
    };
  }
}
