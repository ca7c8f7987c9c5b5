package dev.thermae.http.proxy;

import java.util.List;
import java.util.Locale;

/** Which content codings a client takes (RFC 9110 section 12.5.3). Pure and total. */
final class AcceptEncoding {
  private AcceptEncoding() {}

  /**
   * Whether gzip is welcome. A client that says nothing might take any coding, but those that say
   * nothing decode nothing.
   */
  static boolean takesGzip(List<String> values) {
    boolean any = false;
    for (String value : values) {
      for (String member : value.split(",", -1)) {
        int semicolon = member.indexOf(';');
        String coding = (semicolon < 0 ? member : member.substring(0, semicolon)).trim();
        boolean wanted = semicolon < 0 || weight(member.substring(semicolon + 1)) > 0;
        if (isGzip(coding)) {
          return wanted;
        }
        any |= coding.equals("*") && wanted;
      }
    }
    return any;
  }

  /** Whether a {@code Content-Encoding} is gzip and nothing else. */
  static boolean isGzip(String coding) {
    String lower = coding.trim().toLowerCase(Locale.ROOT);
    return lower.equals("gzip") || lower.equals("x-gzip");
  }

  /** A weight that cannot be read counts as none: the client gets what it surely takes. */
  private static double weight(String parameters) {
    String lower = parameters.trim().toLowerCase(Locale.ROOT);
    if (!lower.startsWith("q=")) {
      return lower.isEmpty() ? 1 : 0;
    }
    try {
      return Double.parseDouble(lower.substring(2).trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
