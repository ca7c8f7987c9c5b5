package dev.thermae.http.proxy;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A request, what it asks for, and where its answer goes.
 *
 * @param callback to be told once, when the answer is written or could not be
 */
record Asked(Request request, Target target, Response response, Callback callback) {
  /** The client's fields. */
  HttpFields fields() {
    return request.getHeaders();
  }

  /** Whether a body stays here. */
  boolean isHead() {
    return request.getMethod().equals("HEAD");
  }

  /** Answers in one line of text. */
  void line(int status, String text) {
    Reply.line(response, status, text, callback);
  }
}
