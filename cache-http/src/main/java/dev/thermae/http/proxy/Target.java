package dev.thermae.http.proxy;

/** What a request asks for, once it is known to have one reading only. Immutable. */
sealed interface Target {
  /** A resource of an origin that the proxy stands in front of. */
  record Forward(OriginUrl origin, String url) implements Target {}

  /** A resource of an allowed origin: only read, its redirects followed, no cookies. */
  record Fetch(OriginUrl origin, String url) implements Target {}

  /** Nothing; {@code why} is for the client. */
  record Refusal(int status, String why) implements Target {}

  /** Where it leads; empty for nothing. */
  static String url(Target target) {
    if (target instanceof Forward forward) {
      return forward.url();
    }
    return target instanceof Fetch fetch ? fetch.url() : "";
  }
}
