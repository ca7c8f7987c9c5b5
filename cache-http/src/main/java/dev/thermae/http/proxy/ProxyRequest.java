package dev.thermae.http.proxy;

import dev.thermae.event.Temperature;
import dev.thermae.http.resource.Forwarding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that was answered. Immutable.
 *
 * @param time when it arrived, in milliseconds since 1970
 * @param client the address of the client's connection
 * @param method as sent
 * @param target path and query as sent, or the authority where it had no path
 * @param protocol such as {@code HTTP/1.1}
 * @param url where the request leads at the origin; empty for one that leads nowhere
 * @param status what the client was answered
 * @param bytes of the body that were written
 * @param outcome what the proxy did
 * @param forwarding why the origin was asked; null where it was not, or by another method
 * @param temperature of the code that was asked for; null where none was
 * @param totalNanos from arrival to the end of the answer
 * @param originNanos of that, until the origin's answer was there; 0 where it was not asked
 * @param referrer the field {@code Referer}; empty for none
 * @param agent the field {@code User-Agent}; empty for none
 */
public record ProxyRequest(
    long time,
    String client,
    String method,
    String target,
    String protocol,
    String url,
    int status,
    long bytes,
    Outcome outcome,
    @Nullable Forwarding forwarding,
    @Nullable Temperature temperature,
    long totalNanos,
    long originNanos,
    String referrer,
    String agent) {

  /** What a proxy did for a request. Append-only. */
  public enum Outcome {
    /** Answered from the store; nobody was asked. */
    HIT,
    /** Answered from the store after the origin said 304. */
    REVALIDATED,
    /** Answered from the store because the origin failed. */
    STALE,
    /** Answered by the origin, and stored. */
    MISS,
    /** GET or HEAD answered by the origin, and not stored. */
    PASS,
    /** Another method, which the origin answered. */
    FORWARDED,
    /** The origin did not answer: 502 and 504. */
    FAILED,
    /** Not well-formed, too long or not allowed. */
    REFUSED,
    /** One of the proxy's own paths, which no origin has: fingerprints, and code by its address. */
    PUBLISHED;

    /** Whether the body came from the store. */
    public boolean isFromStore() {
      return this == HIT || this == REVALIDATED || this == STALE;
    }

    /** Whether the store might have answered: GET and HEAD of what an origin has. */
    public boolean isCacheable() {
      return this != FORWARDED && this != REFUSED && this != PUBLISHED;
    }

    /** In lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
