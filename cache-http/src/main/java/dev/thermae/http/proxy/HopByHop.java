package dev.thermae.http.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Fields that belong to one connection and are never forwarded (RFC 9110 section 7.6.1). Pure. */
final class HopByHop {
  private static final Set<String> ALWAYS =
      Set.of(
          "connection",
          "http2-settings",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HopByHop() {}

  /** The names, in lower case, that the values of {@code Connection} list. */
  static List<String> listed(List<String> connection) {
    if (connection.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (String value : connection) {
      for (String member : value.split(",", -1)) {
        names.add(member.trim().toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  /** Whether a field, its name in lower case, stays behind. */
  static boolean is(String lowerName, List<String> listed) {
    return ALWAYS.contains(lowerName) || listed.contains(lowerName);
  }
}
