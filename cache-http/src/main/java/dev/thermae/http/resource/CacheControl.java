package dev.thermae.http.resource;

import java.util.List;

/**
 * Cache directives of a request or a response (RFC 9111 section 5.2), read totally: no value makes
 * {@link #parse} throw. Seconds are -1 where absent. Immutable.
 *
 * <p>Freshness that cannot be read counts as none: a {@code max-age} that is malformed, or given
 * twice with different values, is 0 (section 4.2.1).
 *
 * @param noCacheFields fields that {@code no-cache="..."} names, in lower case (section 5.2.2.4)
 * @param privateFields fields that {@code private="..."} names, in lower case (section 5.2.2.7)
 */
record CacheControl(
    int flags,
    long maxAge,
    long sharedMaxAge,
    long minFresh,
    long maxStale,
    long staleIfError,
    long staleWhileRevalidate,
    List<String> noCacheFields,
    List<String> privateFields) {
  static final int NO_CACHE = 1;
  static final int NO_STORE = 1 << 1;
  static final int PRIVATE = 1 << 2;
  static final int PUBLIC = 1 << 3;
  static final int MUST_REVALIDATE = 1 << 4;
  static final int PROXY_REVALIDATE = 1 << 5;
  static final int MUST_UNDERSTAND = 1 << 6;
  static final int IMMUTABLE = 1 << 7;
  static final int ONLY_IF_CACHED = 1 << 8;

  /** Said to caches like this one by a field of its own, so that Expires does not count. */
  static final int TARGETED = 1 << 9;

  /** RFC 9111 section 1.2.2: what a greater number of seconds is taken for. */
  static final long MAXIMUM_SECONDS = 1L << 31;

  /** No directives. */
  static final CacheControl NONE =
      new CacheControl(0, -1, -1, -1, -1, -1, -1, List.of(), List.of());

  /** Directives of a response; a shared cache obeys those addressed to it alone, if there are. */
  static CacheControl ofResponse(HeaderList headers, Rules rules) {
    CacheControl targeted = rules.shared() ? TargetedControl.of(headers) : null;
    return targeted == null ? parse(headers.all("Cache-Control")) : targeted;
  }

  /** Directives of a request; {@code Pragma} counts where there are none (RFC 9111 section 5.4). */
  static CacheControl ofRequest(HeaderList headers) {
    List<String> values = headers.all("Cache-Control");
    return parse(values.isEmpty() ? headers.all("Pragma") : values);
  }

  /** Reads the values of all field lines. */
  static CacheControl parse(List<String> values) {
    if (values.isEmpty()) {
      return NONE;
    }
    CacheControlParser parser = new CacheControlParser();
    for (String value : values) {
      parser.read(value);
    }
    return parser.result();
  }

  /** Whether the directive is there. */
  boolean is(int directive) {
    return (flags & directive) != 0;
  }
}
