package dev.thermae.http.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers requests that are not for the handler. Stateless. */
final class Refusals {
  private static final int MAXIMUM_HOPS = 32;

  /** What reaches into caches, tunnels or reflects; no client of the data port may. */
  private static final Set<String> ADMINISTRATIVE =
      Set.of("CONNECT", "TRACE", "TRACK", "DEBUG", "PURGE", "PURGEALL", "BAN", "REFRESH");

  private Refusals() {}

  /** What is well-formed for Jetty, and still not forwarded. */
  static boolean isRefused(Request request, Target target, Response response, Callback callback) {
    HttpFields fields = request.getHeaders();
    boolean old = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
    String method = request.getMethod();
    if (isCodedOtherwise(fields, old)) {
      response.getHeaders().put("Connection", "close");
      Reply.line(response, 400, "400 Bad Request: a Transfer-Encoding but chunked", callback);
    } else if (ADMINISTRATIVE.contains(method.toUpperCase(Locale.ROOT))) {
      String allowed = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
      method(method, allowed, response, callback);
    } else if (target instanceof Target.Refusal refusal) {
      Reply.line(response, refusal.status(), refusal.why(), callback);
    } else if (!isOurs(request)) {
      Reply.line(response, 400, "400 Bad Request: the target is not a path", callback);
    } else if (fields.getCSV("Via", false).size() >= MAXIMUM_HOPS) {
      Reply.line(response, 508, "508 Loop Detected: see Via", callback);
    } else {
      return false;
    }
    return true;
  }

  /** Whether the scheme, where the target names one, is that of the connection. */
  static boolean isOurs(Request request) {
    String scheme = request.getConnectionMetaData().isSecure() ? "https" : "http";
    return scheme.equalsIgnoreCase(request.getHttpURI().getScheme());
  }

  /** With what is allowed here instead. */
  static void method(String method, String allowed, Response response, Callback callback) {
    response.getHeaders().put("Connection", "close");
    response.getHeaders().put("Allow", allowed);
    Reply.line(response, 405, "405 Method Not Allowed: " + method, callback);
  }

  /**
   * Jetty undoes chunks, looks for them in the last coding alone, and drops the others; an origin
   * would get a body that is still encoded, or know another end of it (RFC 9112 section 6.1).
   */
  private static boolean isCodedOtherwise(HttpFields fields, boolean old) {
    List<String> codings = fields.getValuesList("Transfer-Encoding");
    boolean chunked = codings.size() == 1 && codings.get(0).trim().equalsIgnoreCase("chunked");
    return !codings.isEmpty() && (old || !chunked);
  }
}
