package dev.thermae.http.proxy;

import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.HeaderList;
import dev.thermae.http.resource.ResourceLoader;
import dev.thermae.http.resource.ResourceRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET and HEAD through a {@link ResourceLoader} and forwards every other method. Blocks the
 * thread that it runs on while the origin is asked. Thread-safe.
 */
final class ProxyHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("dev.thermae");
  private static final int MAXIMUM_HOPS = 32;

  /** RFC 9110 section 9.2.1, and the WebDAV methods that only read. */
  private static final Set<String> SAFE = Set.of("OPTIONS", "PROPFIND", "REPORT", "SEARCH");

  private final OriginUrl origin;
  private final ResourceLoader loader;
  private final PassThrough passThrough;
  private final String name;
  private final ProxyCounters counters;

  ProxyHandler(
      OriginUrl origin,
      ResourceLoader loader,
      PassThrough passThrough,
      String name,
      ProxyCounters counters) {
    this.origin = origin;
    this.loader = loader;
    this.passThrough = passThrough;
    this.name = name;
    this.counters = counters;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Trace trace = Trace.of(request);
    try {
      String url = origin.resolve(request.getHttpURI().getPathQuery());
      if (!isRefused(request, url, response, callback) && url != null) {
        counters.requests.increment();
        trace.leads(url);
        dispatch(request, url, response, callback);
      }
    } catch (PassThrough.TooLongException e) {
      trace.refused();
      response.getHeaders().put("Connection", "close");
      Reply.line(response, 413, "413 Content Too Large: " + e.getMessage(), callback);
    } catch (PassThrough.ClientException e) {
      trace.refused();
      Response.writeError(request, response, callback, e.getCause());
    } catch (IOException e) {
      unreachable(e, request, response, callback);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, request + " failed: " + e, e);
      Response.writeError(request, response, callback, 500);
    }
    return true;
  }

  private void dispatch(Request request, String url, Response response, Callback callback)
      throws IOException {
    switch (request.getMethod()) {
      case "GET" -> answer(request, url, response, false, callback);
      case "HEAD" -> answer(request, url, response, true, callback);
      default -> forward(request, url, response, callback);
    }
  }

  /** What is well-formed for Jetty, and still not forwarded. */
  private static boolean isRefused(
      Request request, @Nullable String url, Response response, Callback callback) {
    HttpFields fields = request.getHeaders();
    boolean old = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
    String method = request.getMethod();
    if (old && fields.contains("Transfer-Encoding")) {
      response.getHeaders().put("Connection", "close");
      Reply.line(response, 400, "400 Bad Request: Transfer-Encoding on HTTP/1.0", callback);
    } else if (method.equals("CONNECT") || method.equals("TRACE")) {
      response.getHeaders().put("Connection", "close");
      response.getHeaders().put("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
      Reply.line(response, 405, "405 Method Not Allowed: " + method, callback);
    } else if (url == null || !request.getHttpURI().getScheme().equalsIgnoreCase("http")) {
      Reply.line(response, 400, "400 Bad Request: the target is not a path", callback);
    } else if (fields.getCSV("Via", false).size() >= MAXIMUM_HOPS) {
      Reply.line(response, 508, "508 Loop Detected: see Via", callback);
    } else {
      return false;
    }
    return true;
  }

  /** From the store, or from the origin through the store. */
  private void answer(
      Request request, String url, Response response, boolean head, Callback callback)
      throws IOException {
    HttpFields client = request.getHeaders();
    boolean takesGzip = AcceptEncoding.takesGzip(client.getValuesList("Accept-Encoding"));
    Fetched fetched = fetch(url, client, takesGzip, head);
    Trace.of(request).fetched(fetched);
    Representation chosen = Representation.of(fetched, takesGzip);
    HeaderList headers = chosen.headers();
    boolean whole = fetched.status() == 200;
    boolean notModified = whole && ConditionalRequests.isNotModified(client, headers);
    if (head && fetched.entry() == null) {
      counters.count(fetched.outcome());
      Reply.fields(response, headers, name, CacheStatus.of(name, fetched));
      Reply.head(response, fetched.status(), notModified, chosen, callback);
      return;
    }
    byte[] body = chosen.body();

    counters.count(fetched.outcome());
    response.setStatus(fetched.status());
    Reply.fields(response, headers, name, CacheStatus.of(name, fetched));
    age(response, fetched);
    if (notModified) {
      counters.notModified.increment();
      Reply.notModified(response, Integer.toString(body.length), callback);
    } else if (whole) {
      boolean ranged = !head && ConditionalRequests.allowsRange(client, headers);
      ByteRange range = ranged ? ByteRange.parse(client.get("Range"), body.length) : null;
      success(response, head, body, range, callback);
    } else {
      Reply.body(response, head, ByteBuffer.wrap(body), callback);
    }
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
    if (!fields.contains("Accept-Ranges")) {
      fields.put("Accept-Ranges", "bytes");
    }
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

  private void forward(Request request, String url, Response response, Callback callback)
      throws IOException {
    counters.forwarded.increment();
    boolean safe = SAFE.contains(request.getMethod());
    passThrough.forward(
        request,
        url,
        response,
        callback,
        (status, headers) -> {
          Trace.of(request).forwarded();
          if (!safe && status >= 200 && status < 400) {
            invalidate(url, headers);
          }
        });
  }

  /** RFC 9111 section 4.4; a store that fails must not keep the answer from the client. */
  private void invalidate(String url, HeaderList headers) {
    forget(url);
    for (String field : new String[] {"Location", "Content-Location"}) {
      String reference = headers.first(field);
      String other = reference == null ? null : origin.resolve(url, reference);
      if (other != null) {
        forget(other);
      }
    }
  }

  private void forget(String url) {
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
    boolean late = cause instanceof InterruptedIOException; // SocketTimeoutException is one
    String meaning = late ? "504 Gateway Timeout: " : "502 Bad Gateway: ";
    String said = failure.getMessage();
    response.getHeaders().put("Cache-Status", CacheStatus.failed(name, request.getMethod()));
    String words = said == null ? failure.getClass().getSimpleName() : said;
    Reply.line(response, late ? 504 : 502, meaning + words, callback);
  }
}
