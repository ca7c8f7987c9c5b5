package dev.thermae.http.resource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okio.AsyncTimeout;

/**
 * How long each step of a call may take; one that is late ends the call. For one thread at a time.
 */
final class CallLimit {
  private final AsyncTimeout timeout;

  /** Zero for as long as it takes. */
  CallLimit(Call call, long millis) {
    timeout =
        new AsyncTimeout() {
          @Override
          protected void timedOut() {
            call.cancel();
          }
        };
    timeout.timeout(millis, TimeUnit.MILLISECONDS);
  }

  /** A step. */
  interface Step<T> {
    T take() throws IOException;
  }

  <T> T within(Step<T> step) throws IOException {
    timeout.enter();
    try {
      return step.take();
    } catch (IOException e) {
      if (timeout.exit()) {
        InterruptedIOException timedOut = new InterruptedIOException("timeout");
        timedOut.initCause(e);
        throw timedOut;
      }
      throw e;
    } finally {
      timeout.exit();
    }
  }
}
