package dev.thermae.http.proxy;

import dev.thermae.event.Temperature;
import dev.thermae.event.TimeSource;
import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.Forwarding;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** What is noted of a request on its way through the proxy. Used by one request. */
final class Trace {
  private static final String NAME = Trace.class.getName();
  private static final String DETAIL = "; detail=";

  private final long started = TimeSource.SYSTEM.nanos();
  private String url = "";
  private ProxyRequest.Outcome outcome = ProxyRequest.Outcome.REFUSED;
  private @Nullable Forwarding forwarding;
  private long originNanos;

  private Trace() {}

  /** The trace of a request, begun at the first call. */
  static Trace of(Request request) {
    if (request.getAttribute(NAME) instanceof Trace known) {
      return known;
    }
    Trace trace = new Trace();
    request.setAttribute(NAME, trace);
    return trace;
  }

  /** Where it leads; until more is known the origin has failed it. */
  void leads(String there) {
    url = there;
    outcome = ProxyRequest.Outcome.FAILED;
  }

  /** It is one of the proxy's own paths, whatever is found there. */
  void published() {
    outcome = ProxyRequest.Outcome.PUBLISHED;
  }

  /** Memory answered. */
  void hit(String there) {
    url = there;
    outcome = ProxyRequest.Outcome.HIT;
  }

  /** The loader answered. */
  void fetched(Fetched fetched) {
    forwarding = fetched.forwarding();
    originNanos = forwarding == null ? 0 : TimeSource.SYSTEM.nanos() - started;
    outcome =
        switch (fetched.outcome()) {
          case FRESH -> ProxyRequest.Outcome.HIT;
          case REVALIDATED -> ProxyRequest.Outcome.REVALIDATED;
          case STALE -> ProxyRequest.Outcome.STALE;
          case STORED, KEPT -> ProxyRequest.Outcome.MISS;
          case PASSED -> ProxyRequest.Outcome.PASS;
        };
  }

  /** The origin answered another method. */
  void forwarded() {
    originNanos = TimeSource.SYSTEM.nanos() - started;
    outcome = ProxyRequest.Outcome.FORWARDED;
  }

  /** The client's own fault. */
  void refused() {
    outcome = ProxyRequest.Outcome.REFUSED;
  }

  /** All of it, once the answer was written. */
  ProxyRequest end(Request request, Response response) {
    HttpFields fields = request.getHeaders();
    HttpURI uri = request.getHttpURI();
    String target = uri.getPathQuery();
    String authority = uri.getAuthority();
    return new ProxyRequest(
        Request.getTimeStamp(request),
        Request.getRemoteAddr(request),
        request.getMethod(),
        target != null ? target : authority != null ? authority : "",
        request.getConnectionMetaData().getHttpVersion().asString(),
        url,
        response.getStatus(),
        Math.max(0, Response.getContentBytesWritten(response)),
        outcome,
        forwarding,
        temperature(response.getHeaders().getValuesList("Cache-Status")),
        TimeSource.SYSTEM.nanos() - started,
        originNanos,
        text(fields.get("Referer")),
        text(fields.get("User-Agent")));
  }

  private static String text(@Nullable String field) {
    return field == null ? "" : field;
  }

  /** As our own member, the last one, tells the client; null where it tells of none. */
  static @Nullable Temperature temperature(List<String> cacheStatus) {
    String own = cacheStatus.isEmpty() ? "" : cacheStatus.get(cacheStatus.size() - 1);
    int at = own.lastIndexOf(DETAIL);
    if (at < 0) {
      return null;
    }
    String rest = own.substring(at + DETAIL.length());
    for (Temperature each : Temperature.values()) {
      String word = each.name().toLowerCase(Locale.ROOT);
      boolean begins = rest.startsWith(word);
      if (begins && (rest.length() == word.length() || rest.charAt(word.length()) == ';')) {
        return each;
      }
    }
    return null;
  }
}
