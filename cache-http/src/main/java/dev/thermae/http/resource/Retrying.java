package dev.thermae.http.resource;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Asks again when the network fails, later each time; never after an answer, whatever it says.
 * Thread-safe.
 */
final class Retrying implements Transport {
  private static final int LONGEST = 32;
  private static final double JITTER = 0.25;

  private final Transport next;
  private final FailsafeExecutor<Answer> failsafe;

  /** At most {@code retries} more times, the first {@code delay} after the failure. */
  Retrying(Transport next, int retries, Duration delay) {
    this.next = next;
    this.failsafe =
        Failsafe.with(
            RetryPolicy.<Answer>builder()
                .handleIf(Retrying::isWorthAnother)
                .withBackoff(delay, delay.multipliedBy(LONGEST))
                .withJitter(JITTER)
                .withMaxRetries(retries)
                .build());
  }

  /** An answer that cannot be used will be the same next time; who interrupts wants no answer. */
  private static boolean isWorthAnother(Throwable fault) {
    boolean interrupted =
        fault instanceof InterruptedIOException && Thread.currentThread().isInterrupted();
    return fault instanceof IOException && !(fault instanceof FetchException) && !interrupted;
  }

  @Override
  public Answer send(String method, String url, HeaderList fields, long streamFrom)
      throws IOException {
    try {
      return failsafe.get(() -> next.send(method, url, fields, streamFrom));
    } catch (FailsafeException e) {
      Throwable cause = e.getCause();
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted between two requests");
      }
      if (cause instanceof IOException) {
        throw (IOException) cause;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    next.close();
  }
}
