package dev.thermae.http.proxy;

import dev.thermae.http.resource.Fetched;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;

/** The {@code Cache-Status} member that says what this cache did (RFC 9211). Pure. */
final class CacheStatus {
  private CacheStatus() {}

  /** For a response that the loader brought. */
  static String of(String name, Fetched fetched, HttpFields request) {
    String directives = directives(request);
    if (fetched.outcome() == Fetched.Outcome.PASSED) {
      return directives.contains("only-if-cached")
          ? name + "; detail=only-if-cached"
          : name + "; fwd=" + missed(request) + "; fwd-status=" + fetched.status();
    }
    String did =
        switch (fetched.outcome()) {
          case FRESH -> "; hit";
          case REVALIDATED -> "; fwd=" + validated(directives) + "; fwd-status=304";
          case STALE -> "; fwd=stale; detail=origin-failed";
          case KEPT -> "; fwd=" + validated(directives) + fetchedWith(fetched);
          default -> "; fwd=uri-miss" + fetchedWith(fetched);
        };
    return name + did + "; ttl=" + Math.floorDiv(fetched.timeToLive(), 1000L);
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

  private static String fetchedWith(Fetched fetched) {
    return "; fwd-status=" + fetched.status() + "; stored";
  }

  /** Why the loader went past what it has: conditions that are the origin's to judge. */
  private static String missed(HttpFields request) {
    boolean bypass = request.contains("If-Match") || request.contains("If-Unmodified-Since");
    return bypass ? "bypass" : "uri-miss";
  }

  private static String validated(String directives) {
    boolean asked = directives.contains("no-cache") || directives.contains("max-age=0");
    return asked ? "request" : "stale";
  }

  private static String directives(HttpFields request) {
    List<String> values = request.getValuesList("Cache-Control");
    List<String> all = values.isEmpty() ? request.getValuesList("Pragma") : values;
    return all.isEmpty() ? "" : String.join(",", all).toLowerCase(Locale.ROOT);
  }
}
