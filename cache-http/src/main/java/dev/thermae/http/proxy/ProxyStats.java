package dev.thermae.http.proxy;

/**
 * What a proxy has answered since it was started. Immutable.
 *
 * @param requests requests that were well-formed
 * @param hits answered from the store without asking the origin
 * @param revalidated answered from the store after the origin said 304
 * @param stored answered by the origin, and stored
 * @param stale answered from the store because the origin failed
 * @param passed GET and HEAD answered by the origin, and not stored
 * @param forwarded requests with other methods
 * @param notModified of the above, those the client was told 304
 * @param failed requests without an answer of the origin or the store: 502 and 504
 */
public record ProxyStats(
    long requests,
    long hits,
    long revalidated,
    long stored,
    long stale,
    long passed,
    long forwarded,
    long notModified,
    long failed) {

  /** One line: {@code 12 requests: 5 hits, 1 revalidated, ...}. */
  @Override
  public String toString() {
    return requests
        + (requests == 1 ? " request: " : " requests: ")
        + hits
        + " hits, "
        + revalidated
        + " revalidated, "
        + stored
        + " stored, "
        + stale
        + " stale, "
        + passed
        + " passed, "
        + forwarded
        + " of other methods, "
        + failed
        + " failed; "
        + notModified
        + " answered 304";
  }
}
