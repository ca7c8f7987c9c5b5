package dev.thermae.http.admin;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses by itself, in our words. Stateless. */
final class AdminErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    AdminReply.problem(response, status, HttpStatus.getMessage(status), callback);
    return true;
  }
}
