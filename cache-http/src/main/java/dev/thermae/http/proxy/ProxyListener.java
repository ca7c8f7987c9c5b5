package dev.thermae.http.proxy;

/** Told of every request that was answered; on its thread, so it must be quick and thread-safe. */
@FunctionalInterface
public interface ProxyListener {
  /** The answer was written, or could not be. */
  void onRequest(ProxyRequest request);
}
