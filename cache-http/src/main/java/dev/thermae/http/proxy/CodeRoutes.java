package dev.thermae.http.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The paths that are the proxy's own: the fingerprints it can produce, and code by what it was
 * compiled from, which never changes. Everything else goes on to the next handler. Thread-safe.
 */
final class CodeRoutes extends Handler.Wrapper {
  /** What is under it never reaches an origin. */
  static final String OWN = "/.well-known/thermae/";

  /** A line for each fingerprint and its engine. */
  static final String FINGERPRINTS = OWN + "fingerprints";

  /** Followed by a fingerprint, a slash and the hash of a source; other paths are the origin's. */
  static final String CODE = "/code/";

  /** A signed envelope alone. */
  static final String ENVELOPE_TYPE = "application/vnd.thermae.envelope";

  private static final int DIGITS = 64;
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final CodeDesk desk;

  CodeRoutes(Handler next, CodeDesk desk) {
    super(next);
    this.desk = desk;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = path(request.getHttpURI().getPath());
    if (path == null || !isOurs(path)) {
      return super.handle(request, response, callback);
    }
    try {
      request.getContext().execute(() -> answer(request, path, response, callback));
    } catch (RejectedExecutionException e) {
      Response.writeError(request, response, callback, 503);
    }
    return true;
  }

  /** In the form that whoever comes after us would forward; what has none is refused there. */
  private static @Nullable String path(@Nullable String written) {
    try {
      return written == null ? null : TargetForm.normal(written);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** By a thread that may wait: who compiles may have to be started first. */
  private void answer(Request request, String path, Response response, Callback callback) {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.getHeaders().put("Allow", "GET, HEAD").put("Connection", "close");
      Reply.line(response, 405, "405 Method Not Allowed: " + method, callback);
    } else if (path.startsWith(CODE)) {
      code(request, path, response, callback);
    } else if (path.equals(FINGERPRINTS)) {
      byte[] text = desk.fingerprints().getBytes(StandardCharsets.UTF_8);
      response.getHeaders().put("Content-Type", "text/plain; charset=utf-8");
      response.getHeaders().put("Cache-Control", "max-age=60");
      send(request, response, text, callback);
    } else {
      Reply.line(response, 404, "404 Not Found: " + path, callback);
    }
  }

  /** Whether a path is answered here. */
  static boolean isOurs(String path) {
    return path.startsWith(OWN) || fingerprint(path) != null && hash(path) != null;
  }

  /** The digits of a code path's fingerprint; null where there are none. */
  private static @Nullable String fingerprint(String path) {
    int end = CODE.length() + DIGITS;
    boolean shaped =
        path.startsWith(CODE) && path.length() == end + 1 + DIGITS && path.charAt(end) == '/';
    String digits = shaped ? path.substring(CODE.length(), end) : "";
    return CodeWanted.bytes(digits) == null ? null : digits;
  }

  private static byte @Nullable [] hash(String path) {
    return CodeWanted.bytes(path.substring(path.length() - DIGITS));
  }

  private void code(Request request, String path, Response response, Callback callback) {
    String fingerprint = fingerprint(path);
    byte[] hash = hash(path);
    byte[] envelope =
        fingerprint == null || hash == null ? null : desk.published(fingerprint, hash);
    if (envelope == null) {
      Reply.line(response, 404, "404 Not Found: no code of that source", callback);
      return;
    }
    desk.counts().published.increment();
    response.getHeaders().put("Content-Type", ENVELOPE_TYPE);
    response.getHeaders().put("Cache-Control", IMMUTABLE);
    send(request, response, envelope, callback);
  }

  private static void send(Request request, Response response, byte[] body, Callback callback) {
    HttpFields.Mutable fields = response.getHeaders();
    String tag = CodeAnswers.tag(body);
    fields.put("ETag", tag);
    if (request.getHeaders().getValuesList("If-None-Match").contains(tag)) {
      Reply.notModified(response, callback);
      return;
    }
    response.setStatus(200);
    Reply.body(response, request.getMethod().equals("HEAD"), ByteBuffer.wrap(body), callback);
  }
}
