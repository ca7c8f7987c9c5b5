package dev.thermae.http.proxy;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Waits for requests under way when the proxy ends. A client that keeps its connection cannot know
 * that it ends, so what it asks for meanwhile is answered as ever, and it is told to close. (Jetty
 * would say 503, which no client repeats.) Thread-safe.
 */
final class LastRequests extends GracefulHandler {
  LastRequests(Handler next) {
    setHandler(next);
  }

  @Override
  protected void handleShutdownRejection(Request request, Response response, Callback callback) {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    try {
      if (!getHandler().handle(request, response, callback)) {
        Response.writeError(request, response, callback, 404);
      }
    } catch (Exception e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
