package dev.thermae.http.admin;

import dev.thermae.http.report.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes answers of the admin listener. Stateless. */
final class AdminReply {
  /** Everything comes from here, nobody frames it, and no form leads anywhere. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private AdminReply() {}

  /** What went wrong. */
  record Problem(int status, String problem) {}

  static void problem(Response response, int status, String why, Callback callback) {
    json(response, status, new Problem(status, why), callback);
  }

  static void json(Response response, int status, Record body, Callback callback) {
    bytes(
        response,
        status,
        "application/json",
        Json.of(body).concat("\n").getBytes(StandardCharsets.UTF_8),
        callback);
  }

  static void text(Response response, int status, String type, String text, Callback callback) {
    bytes(response, status, type, text.getBytes(StandardCharsets.UTF_8), callback);
  }

  static void bytes(Response response, int status, String type, byte[] body, Callback callback) {
    HttpFields.Mutable fields = response.getHeaders();
    response.setStatus(status);
    fields.put(HttpHeader.CONTENT_TYPE, type);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    fields.put(HttpHeader.CONTENT_LENGTH, body.length);
    fields.put("Content-Security-Policy", POLICY);
    fields.put("X-Content-Type-Options", "nosniff");
    fields.put("X-Frame-Options", "DENY");
    fields.put("Referrer-Policy", "no-referrer");
    fields.put("Cross-Origin-Opener-Policy", "same-origin");
    fields.put("Cross-Origin-Resource-Policy", "same-origin");
    boolean head = response.getRequest().getMethod().equals("HEAD");
    response.write(true, head ? null : ByteBuffer.wrap(body), callback);
  }
}
