package dev.thermae.http.admin;

import dev.thermae.http.report.Explanation;
import java.io.IOException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** Answers requests to the admin listener. Thread-safe. */
final class AdminHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("dev.thermae");
  private static final String TEXT = "text/plain; charset=utf-8";

  private final AdminServer.Builder parts;
  private final HostCheck hosts;
  private final Page page = Page.read();
  private final @Nullable PrometheusText metrics;
  private final @Nullable PurgeRequests purges;

  AdminHandler(AdminServer.Builder parts, HostCheck hosts) {
    this.parts = parts;
    this.hosts = hosts;
    this.metrics = parts.metrics == null ? null : new PrometheusText(parts.metrics);
    this.purges = parts.purger == null ? null : new PurgeRequests(parts.purger, parts.board);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      answer(request, response, callback);
    } catch (IOException | IllegalArgumentException e) {
      AdminReply.problem(response, 400, String.valueOf(e.getMessage()), callback);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, request + " failed: " + e, e);
      AdminReply.problem(response, 500, "it failed: see the log", callback);
    }
    return true;
  }

  private void answer(Request request, Response response, Callback callback) throws IOException {
    String method = request.getMethod();
    String path = request.getHttpURI().getCanonicalPath();
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (!hosts.allows(Request.getServerName(request))) {
      AdminReply.problem(response, 421, "this host is not called that: --admin-name", callback);
    } else if (reads && path != null && answersAnybody(path, response, callback)) {
      return;
    } else if (!parts.token.isPresentedBy(request.getHeaders().get("Authorization"))) {
      response.getHeaders().put("WWW-Authenticate", "Bearer realm=\"thermae\"");
      AdminReply.problem(response, 401, "Authorization: Bearer and the token, please", callback);
    } else if (reads && path != null) {
      read(request, path, response, callback);
    } else if (purges != null && (method.equals("PURGE") || method.equals("POST"))) {
      purges.answer(request, response, callback);
    } else {
      refuse(response, callback);
    }
  }

  private static void refuse(Response response, Callback callback) {
    response.getHeaders().put("Allow", "GET, HEAD, POST, PURGE");
    AdminReply.problem(response, 405, "no such method here", callback);
  }

  /** Probes, and the page itself, which holds no figures. */
  private boolean answersAnybody(String path, Response response, Callback callback) {
    if (path.equals("/healthz")) {
      AdminReply.text(response, 200, TEXT, "ok\n", callback);
    } else if (path.equals("/readyz")) {
      boolean ready = parts.board.isReady();
      AdminReply.text(response, ready ? 200 : 503, TEXT, ready ? "ok\n" : "no\n", callback);
    } else {
      Page.File file = page.file(path);
      if (file == null) {
        return false;
      }
      AdminReply.bytes(response, 200, file.type(), file.bytes(), callback);
    }
    return true;
  }

  private void read(Request request, String path, Response response, Callback callback)
      throws IOException {
    AdminServer.Explains explains = parts.explains;
    if (path.equals("/status")) {
      AdminReply.json(response, 200, parts.board.status(), callback);
    } else if (path.equals("/metrics") && metrics != null) {
      AdminReply.text(response, 200, PrometheusText.TYPE, metrics.scrape(), callback);
    } else if (path.equals("/explain") && explains != null) {
      Fields query = Request.extractQueryParameters(request);
      String url = query.getValue("url");
      if (url == null || url.isBlank()) {
        throw new IllegalArgumentException("explain what? Add ?url=");
      }
      Explanation explanation = explains.explain(url.strip());
      AdminReply.json(response, 200, explanation, callback);
    } else {
      AdminReply.problem(response, 404, "there is nothing here", callback);
    }
  }
}
