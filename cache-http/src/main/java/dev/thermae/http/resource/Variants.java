package dev.thermae.http.resource;

import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Selecting fields (RFC 9111 section 4.1) as text: {@code name: value} for each field that {@code
 * Vary} names, or the name alone where the request has no such field; sorted, one a line.
 */
final class Variants {
  private static final int MAXIMUM_FIELDS = 32;
  private static final int MAXIMUM_LENGTH = 8192;

  private Variants() {}

  /**
   * The names that {@code Vary} lists, a line each; empty when there are none; null when nothing
   * selects the response ever again.
   */
  static @Nullable String names(HeaderList response) {
    TreeSet<String> names = new TreeSet<>();
    for (String value : response.all("Vary")) {
      for (String member : value.split(",", -1)) {
        String name = member.trim().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !name.equals("host")) {
          names.add(name);
        }
      }
    }
    if (names.contains("*") || names.size() > MAXIMUM_FIELDS) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      if (name.indexOf('\n') >= 0 || name.indexOf(':') >= 0) {
        return null;
      }
      text.append(name).append('\n');
    }
    return text.length() > MAXIMUM_LENGTH ? null : text.toString();
  }

  /** The text of a request for the names of {@code stored}, whose values do not matter. */
  static String selecting(String stored, HeaderList request) {
    StringBuilder text = new StringBuilder(stored.length());
    int start = 0;
    while (start < stored.length()) {
      int end = stored.indexOf('\n', start);
      end = end < 0 ? stored.length() : end;
      int colon = stored.indexOf(':', start);
      String name = stored.substring(start, colon >= 0 && colon < end ? colon : end);
      append(text, name, request);
      start = end + 1;
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, HeaderList request) {
    text.append(name);
    boolean first = true;
    for (String value : request.all(name)) {
      text.append(first ? ": " : ",");
      normalize(text, isCaseless(name) ? value.toLowerCase(Locale.ROOT) : value);
      first = false;
    }
    text.append('\n');
  }

  private static boolean isCaseless(String name) {
    return name.equals("accept-encoding")
        || name.equals("accept-language")
        || name.equals("accept-charset");
  }

  /**
   * White space is one space, and none around commas; quoted strings are left alone. Values hold no
   * line breaks.
   */
  private static void normalize(StringBuilder text, String value) {
    if (value.indexOf('"') >= 0) {
      text.append(value.trim().replace('\n', ' '));
      return;
    }
    boolean gap = false;
    boolean any = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        gap = any;
      } else {
        if (gap && c != ',' && text.charAt(text.length() - 1) != ',') {
          text.append(' ');
        }
        text.append(c);
        gap = false;
        any = true;
      }
    }
  }
}
