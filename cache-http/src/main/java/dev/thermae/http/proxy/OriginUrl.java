package dev.thermae.http.proxy;

import dev.thermae.http.guard.Urls;
import java.util.Locale;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** An origin that requests are forwarded to: a scheme and an authority. Immutable. */
final class OriginUrl {
  private final HttpUrl root;
  private final String prefix;

  private OriginUrl(HttpUrl root) {
    this.root = root;
    String text = root.toString();
    this.prefix = text.substring(0, text.length() - 1);
  }

  /** The origin whose root a URL is that has neither credentials nor anything else. */
  static OriginUrl of(@Nullable HttpUrl root) {
    if (root == null || !root.encodedPath().equals("/") || root.encodedQuery() != null) {
      throw new IllegalArgumentException("not the root of an origin");
    }
    return new OriginUrl(root);
  }

  /**
   * Reads an origin such as {@code https://example.org:8443}; a final slash is allowed.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static OriginUrl parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    HttpUrl url =
        lower.startsWith("http://") || lower.startsWith("https://") ? HttpUrl.parse(text) : null;
    // OkHttp takes hosts such as "é_" but not the encoded form that it makes of them.
    if (url == null || HttpUrl.parse(url.toString()) == null) {
      throw new IllegalArgumentException("an origin is http:// or https:// and a host: " + text);
    }
    String is = "an origin is a scheme, a host and perhaps a port, ";
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw new IllegalArgumentException(is + "without credentials: " + url.redact());
    }
    if (url.encodedQuery() != null || url.encodedFragment() != null) {
      throw new IllegalArgumentException(is + "without a query or a fragment: " + text);
    }
    if (!url.encodedPath().equals("/") || text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException(is + "without a path: " + text);
    }
    if (Urls.origin(url.toString()) == null) {
      throw new IllegalArgumentException(is + "which all read alike: " + text);
    }
    return new OriginUrl(url);
  }

  /**
   * Where a request target in origin form leads at this origin; null for any other target, so that
   * none reaches another authority. What follows the first slash cannot change the authority before
   * it (RFC 3986 section 3.2).
   */
  @Nullable String resolve(@Nullable String pathAndQuery) {
    if (pathAndQuery == null || !pathAndQuery.startsWith("/")) {
      return null;
    }
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
        return null;
      }
    }
    return prefix + pathAndQuery;
  }

  /** Where a reference in a response leads; null unless it stays here, without credentials. */
  @Nullable String resolve(String base, String reference) {
    HttpUrl from = HttpUrl.parse(base);
    HttpUrl to = from == null ? null : from.resolve(reference);
    if (to == null || to.port() != root.port()) {
      return null;
    }
    boolean plain = to.encodedUsername().isEmpty() && to.encodedPassword().isEmpty();
    boolean stays = plain && to.scheme().equals(root.scheme()) && to.host().equals(root.host());
    return stays ? to.toString() : null;
  }

  /** Scheme and authority. */
  @Override
  public String toString() {
    return prefix;
  }
}
