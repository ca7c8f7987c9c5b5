package dev.thermae.http.proxy;

import dev.thermae.http.guard.RefusedException;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET and HEAD through a {@link ResourceLoader} and forwards every other method. What is in
 * memory is answered by the thread that read the request, which nothing may block; all the rest by
 * a thread of the server's pool, which waits while store or origin are asked. Thread-safe.
 */
final class ProxyHandler extends Handler.Abstract.NonBlocking {
  private static final System.Logger LOG = System.getLogger("dev.thermae");

  /** RFC 9110 section 9.2.1, and the WebDAV methods that only read. */
  private static final Set<String> SAFE = Set.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");

  /** What speaks for a whole host, and so must not come from one of many origins (/fetch/). */
  private static final List<String> HOST_WIDE =
      List.of(
          "Set-Cookie",
          "Alt-Svc",
          "Clear-Site-Data",
          "Service-Worker-Allowed",
          "Strict-Transport-Security");

  private final Routes routes;
  private final Hops hops;
  private final ResourceLoader loader;
  private final PassThrough passThrough;
  private final String name;
  private final ProxyCounters counters;
  private final HotResponses hot;
  private final boolean traced;
  private final @Nullable CodeAnswers code;

  /**
   * @param code null where sources are all that is handed out
   * @param traced whether somebody wants to know what became of each request
   */
  ProxyHandler(
      Routes routes,
      ResourceLoader loader,
      PassThrough passThrough,
      String name,
      ProxyCounters counters,
      HotResponses hot,
      @Nullable CodeAnswers code,
      boolean traced) {
    this.routes = routes;
    this.hops = new Hops(routes);
    this.loader = loader;
    this.passThrough = passThrough;
    this.name = name;
    this.counters = counters;
    this.hot = hot;
    this.traced = traced;
    this.code = code;
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
    execute(request, response, callback, () -> walk(request, target, response, callback));
    return true;
  }

  /** By a thread of the pool. */
  private static void execute(
      Request request, Response response, Callback callback, Runnable task) {
    try {
      request.getContext().execute(task);
    } catch (RejectedExecutionException e) {
      response.getHeaders().put("Retry-After", 1);
      Reply.line(response, 503, "503 Service Unavailable: too many requests wait", callback);
    }
  }

  private void walk(Request request, Target target, Response response, Callback callback) {
    walk(
        request,
        response,
        callback,
        () -> {
          if (!Refusals.isRefused(request, target, response, callback)) {
            counters.requests.increment();
            Trace.of(request).leads(Target.url(target));
            dispatch(request, target, response, callback);
          }
        });
  }

  /** A part of the way to an answer. */
  private interface Step {
    void go() throws IOException;
  }

  private void walk(Request request, Response response, Callback callback, Step step) {
    Trace trace = Trace.of(request);
    try {
      step.go();
    } catch (PassThrough.TooLongException e) {
      trace.refused();
      response.getHeaders().put("Connection", "close");
      Reply.line(response, 413, "413 Content Too Large: " + e.getMessage(), callback);
    } catch (PassThrough.ClientException e) {
      trace.refused();
      unreadable(e, request, response, callback);
    } catch (IOException e) {
      unreachable(e, request, response, callback);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, request + " failed: " + e, e);
      Response.writeError(request, response, callback, 500);
    }
  }

  private void dispatch(Request request, Target target, Response response, Callback callback)
      throws IOException {
    switch (request.getMethod()) {
      case "GET" -> answer(request, target, response, false, callback);
      case "HEAD" -> answer(request, target, response, true, callback);
      default -> {
        if (target instanceof Target.Forward place) {
          forward(request, place, response, callback);
        } else {
          Refusals.method(request.getMethod(), "GET, HEAD", response, callback);
        }
      }
    }
  }

  /** A client that keeps us waiting for what it announced is at fault, and not we. */
  private static void unreadable(
      PassThrough.ClientException e, Request request, Response response, Callback callback) {
    Throwable cause = e.getCause();
    if (cause != null && cause.getCause() instanceof TimeoutException) {
      response.getHeaders().put("Connection", "close");
      Reply.line(response, 408, "408 Request Timeout: the body did not come", callback);
    } else {
      Response.writeError(request, response, callback, cause);
    }
  }

  /** From memory. */
  private void answer(
      Request request, Target target, HotResponse ready, Response response, Callback callback) {
    if (traced) {
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

  /** From the store, or from the origin through the store. */
  private void answer(
      Request request, Target target, Response response, boolean head, Callback callback)
      throws IOException {
    HttpFields client = request.getHeaders();
    boolean takesGzip = AcceptEncoding.takesGzip(client.getValuesList("Accept-Encoding"));
    CodeWanted wanted = code == null ? null : CodeWanted.of(client);
    Fetched fetched = fetch(target, client, wanted, takesGzip, head);
    Trace.of(request).fetched(fetched);
    Representation chosen = Representation.of(fetched, takesGzip);
    HeaderList headers = headers(chosen, target);
    boolean whole = fetched.status() == 200;
    boolean notModified = whole && ConditionalRequests.isNotModified(client, headers);
    if (code != null && wanted != null) {
      if (whole
          && !notModified
          && sendCode(client, fetched, headers, wanted, response, head, callback)) {
        return;
      }
      response.getHeaders().add("Vary", "Accept"); // a line of our own beside the origin's
    }
    String status =
        wanted == null
            ? CacheStatus.of(name, fetched)
            : CodeAnswers.cold(name, fetched, notModified || !whole);
    if (head && fetched.entry() == null) {
      counters.count(fetched.outcome());
      Reply.fields(response, headers, name, status);
      Reply.head(response, fetched.status(), notModified, chosen, callback);
      return;
    }
    byte[] body = chosen.body();

    counters.count(fetched.outcome());
    response.setStatus(fetched.status());
    Reply.fields(response, headers, name, status);
    age(response, fetched);
    if (whole && !response.getHeaders().contains("Accept-Ranges")) {
      response.getHeaders().put("Accept-Ranges", "bytes");
    }
    if (wanted == null) {
      hot.offer(request, target, chosen, response.getHeaders(), body);
    }
    if (notModified) {
      counters.notModified.increment();
      Reply.notModified(response, callback);
    } else if (whole) {
      boolean ranged = !head && ConditionalRequests.allowsRange(client, headers);
      ByteRange range = ranged ? ByteRange.parse(client.get("Range"), body.length) : null;
      success(response, head, body, range, callback);
    } else {
      Reply.body(response, head, ByteBuffer.wrap(body), callback);
    }
  }

  private static HeaderList headers(Representation chosen, Target target) {
    HeaderList headers = chosen.headers();
    if (target instanceof Target.Fetch) {
      for (String field : HOST_WIDE) {
        headers = headers.without(field);
      }
    }
    return headers;
  }

  private Fetched fetch(
      Target target, HttpFields client, @Nullable CodeWanted code, boolean takesGzip, boolean head)
      throws IOException {
    HttpFields asked = code == null ? client : code.forOrigin(client);
    if (target instanceof Target.Fetch wanted) {
      HttpFields trusted = HttpFields.build(asked).remove("Cookie");
      if (code != null) {
        return fetch(wanted.url(), trusted, takesGzip, head); // code is of one URL: no redirects
      }
      HttpFields strange = HttpFields.build(trusted).remove("Authorization");
      return hops.follow(
          wanted, (url, known) -> fetch(url, known ? trusted : strange, takesGzip, head));
    }
    return fetch(((Target.Forward) target).url(), asked, takesGzip, head);
  }

  /**
   * Sends code where there is some; false, and nothing is sent, where the source is all there is. A
   * client that has the source is told so before, whatever else it takes.
   */
  private boolean sendCode(
      HttpFields client,
      Fetched fetched,
      HeaderList headers,
      CodeWanted wanted,
      Response response,
      boolean head,
      Callback callback)
      throws IOException {
    CodeAnswers.Container container =
        code == null ? null : code.find(fetched, headers, wanted, client, head);
    if (container == null) {
      return false;
    }
    counters.count(fetched.outcome());
    response.setStatus(200);
    Reply.fields(response, container.headers(), name, container.cacheStatus(name, fetched));
    age(response, fetched);
    if (container.isAt(client)) {
      counters.notModified.increment();
      Reply.notModified(response, callback);
    } else {
      Reply.body(response, head, ByteBuffer.wrap(container.bytes()), callback);
    }
    return true;
  }

  /** Gzip is asked for always, so that one copy serves all; unless it must not be undone. */
  private Fetched fetch(String url, HttpFields client, boolean takesGzip, boolean head)
      throws IOException {
    ResourceRequest get = RequestFields.get(url, client, name);
    ResourceRequest request = head ? get.asHead() : get;
    Fetched fetched = loader.fetch(request.header("Accept-Encoding", "gzip"));
    boolean unwanted = !takesGzip && Representation.isGzip(fetched.headers());
    return unwanted && Representation.isUntouchable(fetched.headers())
        ? loader.fetch(request.header("Accept-Encoding", "identity"))
        : fetched;
  }

  private static void success(
      Response response, boolean head, byte[] body, @Nullable ByteRange range, Callback callback) {
    HttpFields.Mutable fields = response.getHeaders();
    if (range == null) {
      Reply.body(response, head, ByteBuffer.wrap(body), callback);
      return;
    }
    fields.put("Content-Range", range.contentRange(body.length));
    if (range.isSatisfiable()) {
      response.setStatus(206);
      Reply.body(response, head, ByteBuffer.wrap(body, range.first(), range.length()), callback);
    } else {
      fields.remove("Content-Encoding").remove("ETag").remove("Last-Modified");
      Reply.line(response, 416, "416 Range Not Satisfiable", callback);
    }
  }

  /**
   * RFC 9111 section 5.1, in seconds. Left out where the origin has just answered and the response
   * had no age on arrival; one that is not stored keeps the age that it came with.
   */
  private static void age(Response response, Fetched fetched) {
    long seconds = Math.max(0, fetched.age() / 1000);
    boolean aged =
        switch (fetched.outcome()) {
          case FRESH, STALE -> true;
          case REVALIDATED, STORED, KEPT -> seconds > 0;
          case PASSED -> false;
        };
    if (aged) {
      response.getHeaders().put("Age", seconds);
    }
  }

  /** In two steps: no thread waits for a body that the client sends slowly. */
  private void forward(Request request, Target.Forward target, Response response, Callback callback)
      throws IOException {
    counters.forwarded.increment();
    passThrough.check(request);
    BodyStart.of(
        request,
        start ->
            execute(
                request,
                response,
                callback,
                () ->
                    walk(
                        request,
                        response,
                        callback,
                        () -> forward(request, start, target, response, callback))));
  }

  private void forward(
      Request request, BodyStart start, Target.Forward target, Response response, Callback callback)
      throws IOException {
    boolean safe = SAFE.contains(request.getMethod());
    passThrough.forward(
        request,
        start,
        target.url(),
        response,
        callback,
        (status, headers) -> {
          Trace.of(request).forwarded();
          if (!safe && status >= 200 && status < 400) {
            invalidate(target, headers);
          }
        });
  }

  /** RFC 9111 section 4.4; a store that fails must not keep the answer from the client. */
  private void invalidate(Target.Forward target, HeaderList headers) {
    forget(target.url());
    for (String field : new String[] {"Location", "Content-Location"}) {
      String reference = headers.first(field);
      String other = reference == null ? null : target.origin().resolve(target.url(), reference);
      if (other != null) {
        forget(other);
      }
    }
  }

  private void forget(String url) {
    hot.forget(url);
    try {
      loader.invalidate(url);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, url + " could not be invalidated: " + e.getMessage());
    }
  }

  /** The network's fault or the origin's, in one line. */
  private void unreachable(
      IOException failure, Request request, Response response, Callback callback) {
    counters.failed.increment();
    Throwable cause = failure instanceof FetchException ? failure.getCause() : failure;
    if (cause instanceof RefusedException) {
      Reply.line(response, 403, "403 Forbidden: " + cause.getMessage(), callback);
      return;
    }
    boolean late = cause instanceof InterruptedIOException; // SocketTimeoutException is one
    String meaning = late ? "504 Gateway Timeout: " : "502 Bad Gateway: ";
    String said = failure.getMessage();
    response.getHeaders().put("Cache-Status", CacheStatus.failed(name, request.getMethod()));
    String words = said == null ? failure.getClass().getSimpleName() : said;
    Reply.line(response, late ? 504 : 502, meaning + words, callback);
  }
}
