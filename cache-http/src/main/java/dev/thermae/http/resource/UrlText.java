package dev.thermae.http.resource;

/**
 * Tells by looking whether a URL is already in its normal form (RFC 9110 section 4.2.3), so that
 * the usual one need not be parsed before it is looked up.
 */
final class UrlText {
  private static final String MARKS = "/.-_~@+,;:=!$&()*?";
  private static final String HEX = "0123456789abcdefABCDEF";

  private UrlText() {}

  /** The text without its fragment. */
  static String withoutFragment(String url) {
    int hash = url.indexOf('#');
    return hash < 0 ? url : url.substring(0, hash);
  }

  /**
   * Whether {@code url} certainly is what normalisation would make of it. False where that takes a
   * parser to say; never true for a URL that normalisation changes or refuses.
   */
  static boolean isNormal(String url) {
    int host = url.startsWith("http://") ? 7 : url.startsWith("https://") ? 8 : -1;
    int path = host < 0 ? -1 : url.indexOf('/', host);
    return path > host && isAuthority(url, host, path) && isPath(url, path);
  }

  private static boolean isAuthority(String url, int start, int end) {
    boolean hasLetter = false;
    int at = start;
    for (; at < end && url.charAt(at) != ':'; at++) {
      char c = url.charAt(at);
      hasLetter |= c >= 'a' && c <= 'z';
      boolean dot = c == '.' && at > start && url.charAt(at - 1) != '.';
      if (!dot && !isLowerOrDigit(c) && (c != '-' || at == start)) {
        return false;
      }
    }
    boolean named = at > start && at - start < 64 && url.charAt(at - 1) != '.';
    int encoded = url.indexOf("xn--", start);
    boolean coded = encoded >= 0 && encoded < at;
    if (!named || coded || !hasLetter && !isDottedQuad(url, start, at)) {
      return false;
    }
    return at == end || isPort(url, at + 1, end, start == 7 ? 80 : 443);
  }

  private static boolean isLowerOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  private static boolean isDottedQuad(String url, int start, int end) {
    int dots = 0;
    int digits = 0;
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = url.charAt(i);
      if (c == '.') {
        dots++;
        digits = 0;
        value = 0;
      } else {
        value = value * 10 + c - '0';
        digits++;
        if (c < '0' || c > '9' || value > 255 || digits > 1 && value < 10 || digits > 3) {
          return false;
        }
      }
    }
    return dots == 3;
  }

  private static boolean isPort(String url, int start, int end, int standard) {
    if (start == end || end - start > 5 || url.charAt(start) == '0') {
      return false;
    }
    int port = 0;
    for (int i = start; i < end; i++) {
      char c = url.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = port * 10 + c - '0';
    }
    return port <= 65_535 && port != standard;
  }

  /** Letters, digits, percent-encoded octets and marks that stay as they are; no dot segments. */
  private static boolean isPath(String url, int start) {
    boolean query = false;
    for (int i = start; i < url.length(); i++) {
      char c = url.charAt(i);
      boolean dotSegment = c == '.' && !query && url.charAt(i - 1) == '/';
      boolean kept = isLowerOrDigit(c) || c >= 'A' && c <= 'Z' || MARKS.indexOf(c) >= 0;
      if (dotSegment || !kept && !(c == '%' && isOctet(url, i + 1))) {
        return false;
      }
      query |= c == '?';
    }
    return true;
  }

  /** Two hexadecimal digits that are not those of a dot. */
  private static boolean isOctet(String url, int at) {
    return at + 1 < url.length()
        && HEX.indexOf(url.charAt(at)) >= 0
        && HEX.indexOf(url.charAt(at + 1)) >= 0
        && !url.regionMatches(true, at, "2e", 0, 2);
  }
}
