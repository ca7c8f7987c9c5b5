package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Finds out what a request asks for, and who answers. What is in memory is answered by the thread
 * that read the request, which nothing may block; all the rest by a thread of the server's pool,
 * which waits while store or origin are asked. Thread-safe.
 */
final class ProxyHandler extends Handler.Abstract.NonBlocking {
  private static final System.Logger LOG = System.getLogger("dev.thermae");

  private final Routes routes;
  private final HotResponses hot;
  private final StoredAnswers stored;
  private final Forwards forwards;
  private final Failures failures;
  private final ProxyCounters counters;
  private final Told told;

  /**
   * @param told who wants to know what became of each request
   */
  ProxyHandler(
      Routes routes,
      HotResponses hot,
      StoredAnswers stored,
      Forwards forwards,
      Failures failures,
      ProxyCounters counters,
      Told told) {
    this.routes = routes;
    this.hot = hot;
    this.stored = stored;
    this.forwards = forwards;
    this.failures = failures;
    this.counters = counters;
    this.told = told;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Target target =
        routes.target(Request.getServerName(request), request.getHttpURI().getPathQuery());
    HotResponse ready = Refusals.isOurs(request) ? hot.find(request, target) : null;
    if (ready != null) {
      answer(request, target, ready, response, callback);
      return true;
    }
    Trace.of(request); // its clock begins before it waits for a thread
    Asked asked = new Asked(request, target, response, callback);
    execute(asked, () -> begin(asked));
    return true;
  }

  /** A part of the way to an answer. */
  private interface Step {
    void go() throws IOException;
  }

  /** By a thread of the pool. */
  private void execute(Asked asked, Step step) {
    try {
      asked.request().getContext().execute(() -> walk(asked, step));
    } catch (RejectedExecutionException e) {
      asked.response().getHeaders().put("Retry-After", 1);
      asked.line(503, "503 Service Unavailable: too many requests wait");
    }
  }

  /** From memory. */
  private void answer(
      Request request, Target target, HotResponse ready, Response response, Callback callback) {
    if (told.isOn()) {
      Trace.of(request).hit(Target.url(target));
    }
    counters.requests.increment();
    counters.count(Fetched.Outcome.FRESH);
    if (ready.isKnownTo(request.getHeaders())) {
      counters.notModified.increment();
      ready.sendNotModified(response, callback);
    } else {
      ready.send(response, callback);
    }
  }

  private void walk(Asked asked, Step step) {
    Request request = asked.request();
    try {
      step.go();
    } catch (PassThrough.TooLongException e) {
      failures.tooLong(e, asked);
    } catch (PassThrough.ClientException e) {
      failures.unreadable(e, asked);
    } catch (IOException e) {
      failures.unreachable(e, asked);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, request + " failed: " + e, e);
      Response.writeError(request, asked.response(), asked.callback(), 500);
    }
  }

  private void begin(Asked asked) throws IOException {
    Request request = asked.request();
    if (!Refusals.isRefused(request, asked.target(), asked.response(), asked.callback())) {
      counters.requests.increment();
      Trace.of(request).leads(Target.url(asked.target()));
      dispatch(asked);
    }
  }

  /** What has a body is forwarded in two steps: no thread waits for one that comes slowly. */
  private void dispatch(Asked asked) throws IOException {
    String method = asked.request().getMethod();
    if (method.equals("GET") || method.equals("HEAD")) {
      stored.answer(asked);
    } else if (asked.target() instanceof Target.Forward place) {
      forwards.check(asked);
      BodyStart.of(
          asked.request(), start -> execute(asked, () -> forwards.forward(asked, start, place)));
    } else {
      Refusals.method(method, "GET, HEAD", asked.response(), asked.callback());
    }
  }
}
