package dev.thermae.http.guard;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads URLs that have one reading only. Pure. */
public final class Urls {
  private static final String AUTHORITY = "-._:[]";

  private Urls() {}

  /**
   * The URL of an origin: scheme, host, perhaps a port and a final slash. Null for anything else,
   * and where readers differ about the host, such as {@code 0177.1}.
   */
  public static @Nullable HttpUrl origin(String text) {
    int start = text.indexOf("://") + 3;
    int slash = text.indexOf('/', start);
    int end = slash < 0 ? text.length() : slash;
    if (slash >= 0 && slash != text.length() - 1) {
      return null;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < 0x80 && !Character.isLetterOrDigit(c) && AUTHORITY.indexOf(c) < 0) {
        return null;
      }
    }
    HttpUrl url = text.charAt(end - 1) == ':' ? null : HttpUrl.parse(text);
    return url != null && isUnambiguous(url) ? url : null;
  }

  /**
   * Whether readers agree about the host of {@code url}, and it has no credentials: a name, or an
   * IPv4 address as four decimal numbers, or an IPv6 address without a zone.
   */
  public static boolean isUnambiguous(HttpUrl url) {
    boolean credentials = !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty();
    String host = url.host();
    // OkHttp takes hosts such as "\u00e9_" but not the encoded form that it makes of them.
    if (credentials
        || HttpUrl.parse(url.toString()) == null
        || host.isEmpty()
        || host.endsWith(".")
        || host.startsWith(".")) {
      return false;
    }
    if (host.indexOf(':') >= 0) {
      return true;
    }
    String last = host.substring(host.lastIndexOf('.') + 1);
    return !isNumber(last) || isDottedQuad(host);
  }

  /** What some readers take for a part of an IPv4 address (RFC 3986 section 7.4). */
  private static boolean isNumber(String label) {
    boolean hex = label.regionMatches(true, 0, "0x", 0, 2);
    for (int i = hex ? 2 : 0; i < label.length(); i++) {
      if (Character.digit(label.charAt(i), hex ? 16 : 10) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDottedQuad(String host) {
    String[] parts = host.split("\\.", -1);
    for (String part : parts) {
      boolean decimal = part.matches("0|[1-9][0-9]{0,2}");
      if (!decimal || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return parts.length == 4;
  }
}
