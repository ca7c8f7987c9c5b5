package dev.thermae.http.proxy;

/** Told of every request that was answered; on its thread, so it must be quick and thread-safe. */
@FunctionalInterface
public interface ProxyListener {
  /** Whether it wants to be told now; asked at the end of each request. */
  default boolean isOn() {
    return true;
  }

  /** The answer was written, or could not be. */
  void onRequest(ProxyRequest request);
}
