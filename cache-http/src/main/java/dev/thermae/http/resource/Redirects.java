package dev.thermae.http.resource;

import java.net.ProtocolException;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Redirects by the rules that OkHttp follows (RFC 9110 section 15.4), but that no credentials that
 * the caller set leave their origin. Pure.
 */
final class Redirects {
  /** As OkHttp has it. */
  static final int MAXIMUM = 20;

  private Redirects() {}

  /** What is asked for next, or null where the response is the answer. */
  static @Nullable Request next(Response response, boolean otherSchemes) {
    Request request = response.request();
    String location = isRedirect(response.code()) ? response.header("Location") : null;
    HttpUrl url = location == null ? null : request.url().resolve(location);
    if (url == null || !otherSchemes && !url.scheme().equals(request.url().scheme())) {
      return null;
    }
    RequestBody body = request.body();
    boolean toGet = becomesGet(request.method(), response.code());
    if (body != null && body.isOneShot() && !toGet) {
      return null;
    }
    Request.Builder next = request.newBuilder().url(url);
    if (toGet) {
      next.method("GET", null)
          .removeHeader("Transfer-Encoding")
          .removeHeader("Content-Length")
          .removeHeader("Content-Type");
    }
    if (!isSameOrigin(request.url(), url)) {
      next.removeHeader("Authorization").removeHeader("Cookie").removeHeader("Host");
    }
    return next.build();
  }

  private static boolean isRedirect(int status) {
    return status == 300 || Storability.isRedirect(status);
  }

  /** 307 and 308 keep the method; so do reading ones, except QUERY, which 303 answers. */
  private static boolean becomesGet(String method, int status) {
    return switch (method) {
      case "GET", "HEAD", "PROPFIND" -> false;
      case "QUERY" -> status == 303;
      default -> status != 307 && status != 308;
    };
  }

  static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
    return one.scheme().equals(other.scheme())
        && one.host().equals(other.host())
        && one.port() == other.port();
  }

  /** The response, with the one that led to it. */
  static Response after(Response redirect, Response response) {
    return response.priorResponse() != null
        ? response
        : response
            .newBuilder()
            .priorResponse(redirect.newBuilder().body(ResponseBody.EMPTY).build())
            .build();
  }

  static ProtocolException tooMany(int hops) {
    return new ProtocolException("Too many follow-up requests: " + hops);
  }
}
