package dev.thermae.http.proxy;

import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;

/** Tells listeners of each request at its end; what they throw harms nobody. Thread-safe. */
final class Told implements RequestLog {
  private final ProxyListener[] listeners;

  Told(List<ProxyListener> listeners) {
    this.listeners = listeners.toArray(new ProxyListener[0]);
  }

  /** Whether somebody wants to know now what became of each request. */
  boolean isOn() {
    for (ProxyListener each : listeners) {
      if (each.isOn()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void log(Request request, Response response) {
    ProxyRequest ended = null;
    for (ProxyListener each : listeners) {
      if (each.isOn()) {
        ended = ended == null ? Trace.of(request).end(request, response) : ended;
        each.onRequest(ended);
      }
    }
  }
}
