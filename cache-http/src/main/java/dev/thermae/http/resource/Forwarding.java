package dev.thermae.http.resource;

/** Why a request went to the origin (RFC 9211 section 2.2). */
public enum Forwarding {
  /** The request has conditions or a range, which are the origin's to judge. */
  BYPASS("bypass"),
  /** Nothing is stored for the URL. */
  URI_MISS("uri-miss"),
  /** What is stored for the URL is for other requests (RFC 9111 section 4.1). */
  VARY_MISS("vary-miss"),
  /** What is stored must be validated, or cannot be read any more. */
  STALE("stale"),
  /** What is stored is fresh, and the request wants it validated (RFC 9111 section 5.2.1). */
  REQUEST("request");

  private final String token;

  Forwarding(String token) {
    this.token = token;
  }

  /** As {@code Cache-Status} says it. */
  @Override
  public String toString() {
    return token;
  }
}
