package dev.thermae.http.proxy;

import dev.thermae.http.guard.RefusedException;
import dev.thermae.http.resource.FetchException;
import dev.thermae.http.resource.Fetched;
import java.io.IOException;
import java.util.Set;

/**
 * Follows redirects of what is fetched for clients, each hop judged before it is asked for, in the
 * store or elsewhere. Stateless but for its rules.
 */
final class Hops {
  private static final int MAXIMUM = 20;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final Routes routes;

  Hops(Routes routes) {
    this.routes = routes;
  }

  /** Asks for one resource, without following. */
  interface Ask {
    /** {@code trusted} is false once another origin has sent us here: no credentials then. */
    Fetched ask(String url, boolean trusted) throws IOException;
  }

  /**
   * The response that is no redirect.
   *
   * @throws RefusedException when a hop leads to an origin that is not allowed
   * @throws FetchException when there are more than 20, or one that may not be followed
   */
  Fetched follow(Target.Fetch first, Ask ask) throws IOException {
    Target.Fetch current = first;
    boolean trusted = true;
    for (int hop = 0; hop <= MAXIMUM; hop++) {
      Fetched fetched = ask.ask(current.url(), trusted);
      String location = fetched.location();
      if (location == null) {
        return checked(current.url(), fetched);
      }
      String from = current.origin().toString();
      current = next(current, fetched.status(), location);
      trusted &= current.origin().toString().equals(from);
    }
    throw FetchException.answered(first.url(), 0, "more than " + MAXIMUM + " redirects");
  }

  /** A redirect that leads to nothing that HTTP reaches is not for the client to try either. */
  private static Fetched checked(String url, Fetched fetched) throws IOException {
    if (REDIRECTS.contains(fetched.status()) && fetched.headers().has("Location")) {
      throw FetchException.answered(url, fetched.status(), "redirects to no URL for http or https");
    }
    return fetched;
  }

  private Target.Fetch next(Target.Fetch from, int status, String location) throws IOException {
    if (from.url().startsWith("https:") && location.startsWith("http:")) {
      throw FetchException.answered(from.url(), status, "redirects from https to http");
    }
    try {
      return routes.redirected(location);
    } catch (IllegalArgumentException e) {
      throw FetchException.answered(from.url(), status, "redirects elsewhere: " + e.getMessage());
    }
  }
}
