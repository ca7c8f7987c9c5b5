package dev.thermae.http.resource;

import dev.thermae.store.EntryHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a stored response may be used (RFC 9111 sections 4.2 and 5.2, RFC 5861, RFC 8246). Pure and
 * total: whatever the fields say, there is an answer.
 */
final class Freshness {
  /** What may be done with a stored response. */
  enum Verdict {
    /** Use it. */
    FRESH,
    /** It is stale and the request accepts that. */
    STALE_ACCEPTED,
    /** It is stale; use it, and ask the origin behind the caller's back (RFC 5861 section 3). */
    STALE_WHILE_REVALIDATE,
    /** Ask the origin first. */
    VALIDATE
  }

  private Freshness() {}

  /** RFC 9111 section 4.2.3: age when the response arrived, in milliseconds. */
  static long initialAge(HeaderList headers, long requestTime, long responseTime) {
    long apparent = Math.max(0, responseTime - date(headers, responseTime));
    long delay = Math.max(0, responseTime - requestTime);
    return Math.max(apparent, ageValue(headers) * 1000 + delay);
  }

  /** RFC 9111 section 5.1: the first member of the first line; what cannot be read is ignored. */
  private static long ageValue(HeaderList headers) {
    String value = headers.first("Age");
    if (value == null) {
      return 0;
    }
    int comma = value.indexOf(',');
    String first = comma < 0 ? value : value.substring(0, comma);
    return Math.max(0, CacheControlParser.seconds(first.trim()));
  }

  /** The origin's time; the time of arrival where it is missing, unreadable or contradictory. */
  private static long date(HeaderList headers, long responseTime) {
    Long date = onlyDate(headers.all("Date"), responseTime);
    return date == null ? responseTime : date;
  }

  private static @Nullable Long onlyDate(List<String> values, long now) {
    for (String value : values) {
      if (!value.equals(values.get(0))) {
        return null;
      }
    }
    return values.isEmpty() ? null : HttpDates.parse(values.get(0), now);
  }

  /**
   * RFC 9111 section 4.2.1: freshness lifetime in milliseconds; 0 for a response that must be
   * validated before every use.
   */
  static long lifetime(Metadata response, long responseTime, Rules rules) {
    HeaderList headers = response.headers();
    CacheControl control = CacheControl.ofResponse(headers, rules);
    return switch (FreshnessRule.of(response, control, rules)) {
      case NO_CACHE -> 0;
      case S_MAXAGE -> control.sharedMaxAge() * 1000;
      case MAX_AGE -> control.maxAge() * 1000;
      case EXPIRES -> {
        Long time = onlyDate(headers.all("Expires"), responseTime);
        yield time == null ? 0 : Math.max(0, time - date(headers, responseTime));
      }
      case HEURISTIC, NONE -> {
        boolean heuristic = FreshnessRule.mayBeHeuristic(response, control);
        long lifetime = heuristic ? heuristicLifetime(headers, responseTime, rules) : 0;
        boolean negative = heuristic && response.status() >= 400;
        yield negative ? Math.max(lifetime, rules.negativeMillis()) : lifetime;
      }
    };
  }

  /** RFC 9111 section 4.2.2: a tenth of the time since the last modification. */
  private static long heuristicLifetime(HeaderList headers, long responseTime, Rules rules) {
    Long modified = onlyDate(headers.all("Last-Modified"), responseTime);
    if (modified == null) {
      return 0;
    }
    long unmodified = date(headers, responseTime) - modified;
    return Math.min(rules.heuristicMillis(), Math.max(0, unmodified / 10));
  }

  /** RFC 9111 section 4: what to do with a stored response for this request, now. */
  static Verdict judge(
      CacheControl request, CacheControl stored, EntryHead head, long now, Rules rules) {
    boolean demandsValidation =
        request.is(CacheControl.NO_CACHE) || stored.is(CacheControl.NO_CACHE);
    if (demandsValidation || now < head.responseTime()) {
      return Verdict.VALIDATE;
    }
    long age = head.age(now);
    long remaining = head.lifetime() - age;
    if (request.minFresh() >= 0 && remaining < request.minFresh() * 1000) {
      return Verdict.VALIDATE;
    }
    boolean immutable = stored.is(CacheControl.IMMUTABLE) && remaining > 0;
    if (!immutable && isTooOld(request, age)) {
      return Verdict.VALIDATE;
    }
    if (remaining > 0) {
      return Verdict.FRESH;
    }
    if (forbidsStale(stored, rules) || request.minFresh() >= 0) {
      return Verdict.VALIDATE;
    }
    if (request.maxStale() >= 0 && -remaining <= request.maxStale() * 1000) {
      return Verdict.STALE_ACCEPTED;
    }
    boolean meanwhile = -remaining < stored.staleWhileRevalidate() * 1000;
    return meanwhile ? Verdict.STALE_WHILE_REVALIDATE : Verdict.VALIDATE;
  }

  /** RFC 9111 section 5.2.1.1; zero asks for validation, however young the response. */
  private static boolean isTooOld(CacheControl request, long age) {
    return request.maxAge() == 0 || request.maxAge() > 0 && age > request.maxAge() * 1000;
  }

  /** RFC 9111 section 4.2.4: directives that allow no stale response in any case. */
  private static boolean forbidsStale(CacheControl stored, Rules rules) {
    boolean always = stored.is(CacheControl.NO_CACHE) || stored.is(CacheControl.MUST_REVALIDATE);
    boolean whenShared = stored.is(CacheControl.PROXY_REVALIDATE) || stored.sharedMaxAge() >= 0;
    return always || rules.shared() && whenShared;
  }

  /**
   * Whether a stored response may be served because validation failed: disconnected, within the
   * limit set for that (RFC 9111 section 4.2.4); on a server's error, as {@code stale-if-error}
   * allows (RFC 5861 section 4).
   */
  static boolean mayStandIn(
      CacheControl request,
      CacheControl stored,
      EntryHead head,
      long now,
      boolean disconnected,
      Rules rules) {
    long age = head.age(now);
    boolean refused =
        request.is(CacheControl.NO_CACHE) || request.minFresh() >= 0 || isTooOld(request, age);
    if (refused || forbidsStale(stored, rules)) {
      return false;
    }
    long ifError = Math.max(request.staleIfError(), stored.staleIfError()) * 1000;
    long whenDisconnected = disconnected ? rules.disconnectedMillis() : 0;
    long limit = Math.max(ifError, whenDisconnected);
    return limit > 0 && age - head.lifetime() <= limit;
  }
}
