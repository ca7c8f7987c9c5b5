package dev.thermae.http.resource;

/**
 * Which field a freshness lifetime comes from: {@link Freshness#lifetime} reads that one, and
 * people are told of it. Pure and total.
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

  /** {@code control} has the response's directives. */
  static FreshnessRule of(Metadata response, CacheControl control, Rules rules) {
    HeaderList headers = response.headers();
    if (control.is(CacheControl.NO_CACHE)) {
      return NO_CACHE;
    }
    if (rules.shared() && control.sharedMaxAge() >= 0) {
      return S_MAXAGE;
    }
    if (control.maxAge() >= 0) {
      return MAX_AGE;
    }
    if (headers.has("Expires") && !control.is(CacheControl.TARGETED)) {
      return EXPIRES;
    }
    boolean modified = headers.has("Last-Modified");
    return modified && mayBeHeuristic(response, control) ? HEURISTIC : NONE;
  }

  /** RFC 9111 section 4.2.2. */
  static boolean mayBeHeuristic(Metadata response, CacheControl control) {
    return Storability.isHeuristicallyCacheable(response.status())
        || control.is(CacheControl.PUBLIC);
  }

  /** The rule as the response states it. */
  String words(Metadata response, CacheControl control) {
    HeaderList headers = response.headers();
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
