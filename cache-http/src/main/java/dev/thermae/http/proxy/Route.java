package dev.thermae.http.proxy;

import dev.thermae.http.guard.Urls;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Requests for a host, and below a path, go to an origin. Immutable.
 *
 * @param host as clients name it; null for any
 * @param prefix of paths, from one slash to another, which stays where it is
 */
record Route(@Nullable String host, String prefix, OriginUrl origin) {
  /** All requests that have no other route. */
  static Route all(String origin) {
    return new Route(null, "/", OriginUrl.parse(origin));
  }

  /**
   * Reads where requests come from: a host, a path from slash to slash, or both in this order.
   *
   * @throws IllegalArgumentException saying what is wrong with it or with the origin
   */
  static Route parse(String from, String origin) {
    int slash = from.indexOf('/');
    String name = slash < 0 ? from : from.substring(0, slash);
    String prefix = slash < 0 ? "/" : from.substring(slash);
    HttpUrl url = name.isEmpty() ? null : Urls.origin("http://" + name);
    boolean badName = !name.isEmpty() && (url == null || url.port() != 80);
    if (badName || !prefix.endsWith("/") || prefix.contains("?") || from.isEmpty()) {
      throw new IllegalArgumentException("a route is for a host, a path /x/ or both: " + from);
    }
    return new Route(
        url == null ? null : url.host(), TargetForm.normal(prefix), OriginUrl.parse(origin));
  }

  boolean takes(String requested, String path) {
    return (host == null || host.equals(requested)) && path.startsWith(prefix);
  }

  /** Routes with a host come first, then those with longer paths. */
  int weight() {
    return prefix.length() + (host == null ? 0 : 1 << 20);
  }

  /** As it is written on a command line. */
  @Override
  public String toString() {
    String from = (host == null ? "" : host) + (prefix.equals("/") ? "" : prefix);
    return from.isEmpty() ? origin.toString() : from + '=' + origin;
  }
}
