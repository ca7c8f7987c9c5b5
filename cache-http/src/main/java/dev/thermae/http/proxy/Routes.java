package dev.thermae.http.proxy;

import dev.thermae.http.guard.OriginRules;
import dev.thermae.http.guard.Urls;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Finds out what a request asks for. Immutable, and so pure. */
final class Routes {
  static final String FETCH = "/fetch/";
  private static final Target.Refusal NO_PATH =
      new Target.Refusal(400, "400 Bad Request: the target is not a path");

  private final List<Route> routes;
  private final OriginRules fetchable;

  /**
   * @param fetchable what {@code /fetch/} leads to; where that is nothing it is a path like others
   */
  Routes(List<Route> routes, OriginRules fetchable) {
    List<Route> sorted = new ArrayList<>(routes);
    sorted.sort(Comparator.comparingInt(Route::weight).reversed());
    this.routes = List.copyOf(sorted);
    this.fetchable = fetchable;
  }

  /** Where a request for {@code host}, a name in any case, leads. Total. */
  Target target(@Nullable String host, @Nullable String pathAndQuery) {
    if (pathAndQuery == null) {
      return NO_PATH;
    }
    String normal;
    try {
      normal = TargetForm.normal(pathAndQuery);
    } catch (IllegalArgumentException e) {
      return new Target.Refusal(400, "400 Bad Request: " + e.getMessage());
    }
    if (!fetchable.isEmpty() && normal.startsWith(FETCH)) {
      return fetch(normal);
    }
    return forward(host == null ? "" : host.toLowerCase(Locale.ROOT), normal);
  }

  private Target forward(String host, String pathAndQuery) {
    for (Route route : routes) {
      if (route.takes(host, pathAndQuery)) {
        String url = route.origin().resolve(pathAndQuery);
        return url == null ? NO_PATH : new Target.Forward(route.origin(), url);
      }
    }
    return new Target.Refusal(404, "404 Not Found: no origin is behind this host and path");
  }

  /** {@code /fetch/SCHEME/AUTHORITY/PATH?QUERY}. */
  private Target fetch(String normal) {
    int scheme = normal.indexOf('/', FETCH.length());
    int path = scheme < 0 ? -1 : normal.indexOf('/', scheme + 1);
    if (path < 0) {
      return new Target.Refusal(400, "400 Bad Request: /fetch/SCHEME/AUTHORITY/PATH it is");
    }
    String wanted = normal.substring(FETCH.length(), scheme);
    // A path has no brackets (RFC 3986 section 3.3): those of an IPv6 address come encoded.
    String authority = normal.substring(scheme + 1, path).replace("%5B", "[").replace("%5D", "]");
    String root = wanted + "://" + authority;
    boolean web = wanted.equals("http") || wanted.equals("https");
    HttpUrl origin = web ? Urls.origin(root) : null;
    OriginUrl place = origin == null ? null : OriginUrl.of(origin);
    String url = place == null ? null : place.resolve(normal.substring(path));
    if (origin == null || place == null || url == null) {
      return new Target.Refusal(400, "400 Bad Request: not an origin in normal form");
    }
    if (fetchable.judge(origin) == OriginRules.Verdict.REFUSED) {
      return new Target.Refusal(403, "403 Forbidden: " + place + " is not allowed");
    }
    return new Target.Fetch(place, url);
  }

  /**
   * Where a redirect leads, in normal form.
   *
   * @throws dev.thermae.http.guard.RefusedException when its origin is not allowed
   * @throws IllegalArgumentException when it has two readings
   */
  Target.Fetch redirected(String location) throws java.io.IOException {
    HttpUrl url = HttpUrl.parse(location);
    if (url == null) {
      throw new IllegalArgumentException("not a URL");
    }
    fetchable.check(url);
    OriginUrl place = OriginUrl.of(url.resolve("/"));
    String query = url.encodedQuery();
    String target = url.encodedPath() + (query == null ? "" : '?' + query);
    return new Target.Fetch(place, place + TargetForm.normal(target));
  }

  /** The routes, the one for everything last. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    routes.forEach(route -> words.add(route.toString()));
    if (!fetchable.isEmpty()) {
      words.add(FETCH);
    }
    return String.join(", ", words);
  }
}
