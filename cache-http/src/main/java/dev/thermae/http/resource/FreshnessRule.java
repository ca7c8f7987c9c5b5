package dev.thermae.http.resource;

/**
 * Which field a freshness lifetime comes from, for people: {@link Freshness#lifetime} decides, and
 * this says by what. Pure and total.
 */
enum FreshnessRule {
  /** Never fresh (RFC 9111 section 5.2.2.4). */
  NO_CACHE,
  /** For shared caches (section 5.2.2.10). */
  S_MAXAGE,
  /** Section 5.2.2.1. */
  MAX_AGE,
  /** Section 5.3. */
  EXPIRES,
  /** A tenth of the time since the last modification (section 4.2.2). */
  HEURISTIC,
  /** Nothing gives a lifetime. */
  NONE;

  static FreshnessRule of(Metadata response, Rules rules) {
    HeaderList headers = response.headers();
    CacheControl control = CacheControl.ofResponse(headers, rules);
    if (control.is(CacheControl.NO_CACHE)) {
      return NO_CACHE;
    }
    if (rules.shared() && control.sharedMaxAge() >= 0) {
      return S_MAXAGE;
    }
    if (control.maxAge() >= 0) {
      return MAX_AGE;
    }
    if (headers.has("Expires")) {
      return EXPIRES;
    }
    boolean heuristic =
        Storability.isHeuristicallyCacheable(response.status()) || control.is(CacheControl.PUBLIC);
    return heuristic && headers.has("Last-Modified") ? HEURISTIC : NONE;
  }

  /** The rule as the response states it. */
  String words(Metadata response, Rules rules) {
    HeaderList headers = response.headers();
    CacheControl control = CacheControl.ofResponse(headers, rules);
    return switch (this) {
      case NO_CACHE -> "no-cache";
      case S_MAXAGE -> "s-maxage=" + control.sharedMaxAge();
      case MAX_AGE -> "max-age=" + control.maxAge();
      case EXPIRES -> "Expires: " + headers.first("Expires");
      case HEURISTIC ->
          "heuristic, 10 % of the time since Last-Modified: " + headers.first("Last-Modified");
      case NONE -> "none: no field gives a lifetime";
    };
  }
}
