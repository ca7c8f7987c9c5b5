package dev.thermae.http.resource;

import java.util.List;
import java.util.StringJoiner;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.OkHttp;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.GzipSource;
import okio.Okio;

/** What OkHttp does to fields below an application interceptor, known before it is done. Pure. */
final class CallFields {
  private CallFields() {}

  /** The fields as they will be sent, so that they select among the stored variants. */
  static HeaderList wire(Interceptor.Chain chain, Request request) {
    HeaderList fields = OkHttpTransport.list(request.headers());
    if (!fields.has("User-Agent")) {
      fields = fields.with("User-Agent", "okhttp/" + OkHttp.VERSION);
    }
    if (!fields.has("Accept-Encoding") && !fields.has("Range")) {
      fields = fields.with("Accept-Encoding", "gzip");
    }
    List<Cookie> cookies = chain.getCookieJar().loadForRequest(request.url());
    if (cookies.isEmpty()) {
      return fields;
    }
    StringJoiner text = new StringJoiner("; ");
    for (Cookie cookie : cookies) {
      text.add(cookie.name() + '=' + cookie.value());
    }
    return fields.without("Cookie").with("Cookie", text.toString());
  }

  /** The same request with other fields; cookies of the jar are OkHttp's to send. */
  static Request with(Request request, HeaderList fields) {
    Headers.Builder headers = OkHttpTransport.headers(fields).newBuilder().removeAll("Cookie");
    for (String cookie : request.headers("Cookie")) {
      headers.addUnsafeNonAscii("Cookie", cookie);
    }
    return request.newBuilder().headers(headers.build()).build();
  }

  /** Whether somebody else evaluates the request, or the URL alone does not say what is asked. */
  static boolean goesPast(Request request) {
    Headers headers = request.headers();
    boolean past = request.body() != null || headers.get("Host") != null;
    past |= !request.url().encodedUsername().isEmpty();
    past |= !request.url().encodedPassword().isEmpty();
    for (int i = 0; i < headers.size() && !past; i++) {
      String name = headers.name(i);
      past = name.regionMatches(true, 0, "If-", 0, 3) || name.equalsIgnoreCase("Range");
    }
    return past;
  }

  /** Undoes gzip where the caller did not ask for it, as OkHttp does where it asks itself. */
  static Response gunzip(Request request, Response response) {
    boolean promised =
        !request.method().equals("HEAD") && response.code() != 204 && response.code() != 304;
    if (!promised
        || request.header("Accept-Encoding") != null
        || !"gzip".equalsIgnoreCase(response.header("Content-Encoding"))) {
      return response;
    }
    ResponseBody coded = response.body();
    return response
        .newBuilder()
        .removeHeader("Content-Encoding")
        .removeHeader("Content-Length")
        .body(
            ResponseBody.create(
                Okio.buffer(new GzipSource(coded.source())), coded.contentType(), -1))
        .build();
  }
}
