package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import dev.thermae.http.resource.Forwarding;
import org.jspecify.annotations.Nullable;

/** The {@code Cache-Status} member that says what this cache did (RFC 9211). Pure. */
final class CacheStatus {
  private CacheStatus() {}

  /** For a response that the loader brought. */
  static String of(String name, Fetched fetched) {
    Forwarding why = fetched.forwarding();
    if (fetched.outcome() == Fetched.Outcome.PASSED) {
      return name + (why == null ? "; detail=only-if-cached" : forwarded(why, fetched));
    }
    String did =
        switch (fetched.outcome()) {
          case FRESH -> "; hit";
          case STALE -> forwarded(why, fetched) + "; detail=origin-failed";
          case STORED, KEPT -> forwarded(why, fetched) + "; stored";
          default -> forwarded(why, fetched);
        };
    return name + did + "; ttl=" + Math.floorDiv(fetched.timeToLive(), 1000L);
  }

  private static String forwarded(@Nullable Forwarding why, Fetched fetched) {
    int status = fetched.originStatus();
    return "; fwd=" + (why == null ? "miss" : why) + (status == 0 ? "" : "; fwd-status=" + status);
  }

  /** For a request whose method is never answered from the store. */
  static String method(String name, int status) {
    return name + "; fwd=method; fwd-status=" + status;
  }

  /** For a request that nobody answered. */
  static String failed(String name, String method) {
    boolean fetched = method.equals("GET") || method.equals("HEAD");
    return name + (fetched ? "; fwd=miss" : "; fwd=method");
  }
}
