package dev.thermae.http.proxy;

import dev.thermae.http.guard.RefusedException;
import dev.thermae.http.resource.FetchException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.Response;

/** Tells clients, in one line, why there is no answer: their own fault, or the origin's. */
final class Failures {
  private final String name;
  private final ProxyCounters counters;

  /** With what the proxy calls itself. */
  Failures(String name, ProxyCounters counters) {
    this.name = name;
    this.counters = counters;
  }

  /** The client sent more than it may. */
  void tooLong(PassThrough.TooLongException e, Asked asked) {
    Trace.of(asked.request()).refused();
    asked.response().getHeaders().put("Connection", "close");
    asked.line(413, "413 Content Too Large: " + e.getMessage());
  }

  /** A client that keeps us waiting for what it announced is at fault, and not we. */
  void unreadable(PassThrough.ClientException e, Asked asked) {
    Trace.of(asked.request()).refused();
    Throwable cause = e.getCause();
    if (cause != null && cause.getCause() instanceof TimeoutException) {
      asked.response().getHeaders().put("Connection", "close");
      asked.line(408, "408 Request Timeout: the body did not come");
    } else {
      Response.writeError(asked.request(), asked.response(), asked.callback(), cause);
    }
  }

  /** The network's fault or the origin's. */
  void unreachable(IOException failure, Asked asked) {
    counters.failed.increment();
    Throwable cause = failure instanceof FetchException ? failure.getCause() : failure;
    if (cause instanceof RefusedException) {
      asked.line(403, "403 Forbidden: " + cause.getMessage());
      return;
    }
    boolean late = cause instanceof InterruptedIOException; // SocketTimeoutException is one
    String meaning = late ? "504 Gateway Timeout: " : "502 Bad Gateway: ";
    String said = failure.getMessage();
    String status = CacheStatus.failed(name, asked.request().getMethod());
    asked.response().getHeaders().put("Cache-Status", status);
    String words = said == null ? failure.getClass().getSimpleName() : said;
    asked.line(late ? 504 : 502, meaning + words);
  }
}
