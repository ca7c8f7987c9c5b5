package dev.thermae.http.resource;

import okhttp3.Response;

/** The {@code Cache-Status} member that says what was done (RFC 9211). Pure. */
final class CallStatus {
  static final String UNSATISFIABLE = "thermae; detail=only-if-cached";
  private static final String NAME = "thermae";

  private CallStatus() {}

  /** Members of caches on the way come first (section 2). */
  static Response add(Response response, String member) {
    return response.newBuilder().addHeader("Cache-Status", member).build();
  }

  static String forwarded(String why, Response response) {
    return NAME + "; fwd=" + why + "; fwd-status=" + response.code();
  }

  /** For an answer that the policy refuses. */
  static String missed(ChainTransport transport) {
    return NAME + "; fwd=miss" + status(transport);
  }

  static String of(Fetched fetched, ChainTransport transport) {
    String forwarded = "; fwd=" + transport.reason() + status(transport);
    String ttl = "; ttl=" + Math.floorDiv(fetched.timeToLive(), 1000L);
    return NAME
        + switch (fetched.outcome()) {
          case FRESH -> "; hit" + ttl;
          case STALE -> forwarded + ttl + "; detail=origin-failed";
          case REVALIDATED -> forwarded + ttl;
          case STORED, KEPT -> forwarded + "; stored" + ttl;
          case PASSED -> forwarded;
        };
  }

  private static String status(ChainTransport transport) {
    Response network = transport.response();
    return network == null ? "" : "; fwd-status=" + network.code();
  }
}
