package dev.thermae.http.proxy;

import java.util.Locale;

/**
 * The one form of a request target, for its key and for what is forwarded (RFC 3986 section 6.2.2).
 * Encoded slashes stay encoded, and so differ from slashes. Pure.
 */
final class TargetForm {
  private static final String HEX = "0123456789ABCDEF";
  private static final int DELETE = 0x7f;

  private TargetForm() {}

  /**
   * The normal form of a path and a query.
   *
   * @throws IllegalArgumentException saying why when it is no such thing, or has two readings: dot
   *     segments, however they are encoded, control characters, backslashes, half an escape
   */
  static String normal(String pathAndQuery) {
    if (isPlain(pathAndQuery)) {
      return pathAndQuery;
    }
    if (!pathAndQuery.startsWith("/")) {
      throw new IllegalArgumentException("the target is not a path");
    }
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      if (c <= ' ' || c >= DELETE || c == '#' || c == '\\') {
        throw new IllegalArgumentException("the target is not a path");
      }
    }
    int query = pathAndQuery.indexOf('?');
    int end = query < 0 ? pathAndQuery.length() : query;
    String path = escapes(pathAndQuery.substring(0, end), true);
    refuseDots(path);
    return path + escapes(pathAndQuery.substring(end), false);
  }

  /** Whether nothing is to be done, as one look tells; most are so. */
  private static boolean isPlain(String pathAndQuery) {
    char before = 0;
    for (int i = 0; i < pathAndQuery.length(); i++) {
      char c = pathAndQuery.charAt(i);
      boolean odd = c <= ' ' || c >= DELETE || c == '#' || c == '\\' || c == '%';
      if (odd || c == '.' && before == '/') {
        return false;
      }
      before = c;
    }
    return pathAndQuery.startsWith("/");
  }

  /**
   * Unreserved characters are decoded, all other escapes written in capitals; a query with a
   * percent sign that escapes nothing stays as it is, since no two parts of it are known apart.
   */
  private static String escapes(String text, boolean strict) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    StringBuilder normal = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int octet = c == '%' ? octet(text, i + 1) : -1;
      if (c == '%' && strict && (octet < ' ' || octet == DELETE)) {
        throw new IllegalArgumentException("the path has a bad escape");
      }
      if (c == '%' && octet < 0) {
        return text;
      } else if (octet < 0) {
        normal.append(c);
      } else {
        append(normal, octet);
        i += 2;
      }
    }
    return normal.toString();
  }

  /** The value of two hexadecimal digits; negative where there are none. */
  private static int octet(String text, int at) {
    if (at + 1 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static void append(StringBuilder to, int octet) {
    boolean letter = octet >= 'a' && octet <= 'z' || octet >= 'A' && octet <= 'Z';
    if (letter || octet >= '0' && octet <= '9' || octet < DELETE && "-._~".indexOf(octet) >= 0) {
      to.append((char) octet);
    } else {
      to.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
    }
  }

  /** Also where somebody behind us may take an escape for a slash, or cut parameters off. */
  private static void refuseDots(String path) {
    if (path.indexOf('.') < 0) {
      return;
    }
    String open = path.toUpperCase(Locale.ROOT).replace("%2F", "/").replace("%5C", "/");
    for (String segment : open.split("/", -1)) {
      int parameters = segment.indexOf(';');
      String name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.equals(".") || name.equals("..")) {
        throw new IllegalArgumentException("the path has dot segments");
      }
    }
  }
}
