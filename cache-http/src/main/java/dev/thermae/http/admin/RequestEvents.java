package dev.thermae.http.admin;

import dev.thermae.http.proxy.ProxyListener;
import dev.thermae.http.proxy.ProxyRequest;
import jdk.jfr.EventType;

/**
 * Writes every request to the JVM's flight recorder, as {@code dev.thermae.Request}. Thread-safe.
 */
public final class RequestEvents implements ProxyListener {
  private final EventType type = EventType.getEventType(RequestEvent.class);

  /** Writes to the recorder of this JVM. */
  public RequestEvents() {}

  @Override
  public boolean isOn() {
    return type.isEnabled();
  }

  @Override
  public void onRequest(ProxyRequest request) {
    RequestEvent event = new RequestEvent(request);
    if (event.shouldCommit()) {
      event.commit();
    }
  }
}
