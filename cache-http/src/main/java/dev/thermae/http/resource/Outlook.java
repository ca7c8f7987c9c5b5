package dev.thermae.http.resource;

import org.jspecify.annotations.Nullable;

/**
 * What would become of a request, were it made now, and when the stored response may be used. Times
 * are milliseconds. Immutable.
 *
 * @param action what would be done
 * @param why in words
 * @param conditions what a validation would ask with (RFC 9110 section 13); else empty
 * @param staleAt when the stored response stops being fresh, or stopped
 * @param rule the field that says so, in words
 * @param stale when it may be used all the same
 */
public record Outlook(
    Action action, String why, HeaderList conditions, long staleAt, String rule, Stale stale) {

  /** What would be done for a request. */
  public enum Action {
    /** The stored response is used, and nobody is asked. */
    SERVED,
    /** The origin is asked whether the stored response still holds. */
    VALIDATED,
    /** The origin is asked as if nothing were stored. */
    FETCHED,
    /** The request forbids to ask the origin: it gets a 504. */
    REFUSED
  }

  /**
   * When a stale response may be used (RFC 9111 section 4.2.4, RFC 5861 section 4). Immutable.
   *
   * @param onRequest whether a request's {@code max-stale} is heeded
   * @param untilOnError until when it stands in for a 500, 502, 503 or 504; null for never
   * @param untilUnreachable until when it stands in for an origin that cannot be reached; null for
   *     never
   * @param forbiddenBy the directive that forbids all of it; null where none does
   */
  public record Stale(
      boolean onRequest,
      @Nullable Long untilOnError,
      @Nullable Long untilUnreachable,
      @Nullable String forbiddenBy) {}
}
